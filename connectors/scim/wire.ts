import type { Execute, ExecutionContext, ExecutionResult, ProbeResult } from '../../src/connector/contract.ts';
import type { HttpCall, HttpReply, HttpResult } from '../../src/connector/http/http-client.ts';
import { failedOf, httpExecution } from '../../src/connector/http/http-execution.ts';
import type { Json, JsonObject } from '../../src/lib/json.ts';
import { scimError } from './failure-of.ts';
import type { Dialect } from './settings.ts';

/** What every operation of one service needs. */
export interface Service {
  /** The path below the origin that all of it stands under, as `/scim/v2`; empty for none. */
  readonly base: string;
  readonly dialect: Dialect;
}

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const HEADERS = { accept: 'application/scim+json, application/json', 'content-type': 'application/scim+json' } as const;

/** A call in SCIM's media type (RFC 7644 §8.1). */
export function scimCall(call: HttpCall): HttpCall {
  const { 'content-type': type, accept } = HEADERS;
  const media: Readonly<Record<string, string>> =
    call.body === undefined ? { accept } : { accept, 'content-type': type };
  return { ...call, headers: { ...media, ...call.headers } };
}

/** One operation of a PatchOp (RFC 7644 §3.5.2). */
export interface PatchStep {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly value?: Json;
}

/** A PatchOp as this server wants it spelt. */
export function patchBody(steps: readonly PatchStep[], { verbs, booleans }: Dialect): JsonObject {
  return {
    schemas: [PATCH_SCHEMA],
    Operations: steps.map(({ op, path, value }) => ({
      op: verbs === 'lower' ? op : `${op.slice(0, 1).toUpperCase()}${op.slice(1)}`,
      path,
      ...(value === undefined ? {} : { value: spelt(value, booleans) }),
    })),
  };
}

/** A value as this server wants its booleans. */
export function spelt(value: Json, booleans: Dialect['booleans']): Json {
  return booleans === 'text' && typeof value === 'boolean' ? (value ? 'True' : 'False') : value;
}

export function scimExecution<I>(execution: {
  readonly request: (input: I, call: { readonly actionId: string }) => HttpCall;
  readonly repeatable: boolean;
  readonly result?: (reply: HttpReply, input: I) => unknown;
}): Execute<I> {
  const { request, repeatable, result = () => ({}) } = execution;
  return httpExecution<I>({ request: (input, call) => scimCall(request(input, call)), repeatable, result });
}

/** Sends a GET that settles what became of a write, or that a write begins with. */
export function readBack(call: Omit<HttpCall, 'method'>, context: ExecutionContext): Promise<HttpResult> {
  return context.http.send(scimCall({ method: 'GET', ...call }), {
    repeatable: true,
    reads: true,
    signal: context.signal,
  });
}

/** Whether the service itself says that there is no such thing; a bare 404 can be anybody's on the way. */
export function isAbsent(answer: HttpResult): boolean {
  return !answer.ok && answer.reply?.status === 404 && scimError.safeParse(answer.reply.body).success;
}

export function undetermined(answer: HttpResult): ProbeResult {
  return { status: 'undetermined', detail: answer.ok ? 'The reply does not tell.' : answer.detail };
}

/** The version of what was read (RFC 7644 §3.14), so that a write meets what was read or nothing; none where none is given. */
export function ifMatch({ headers, body }: HttpReply): Readonly<Record<string, string>> {
  const etag = headers['etag'] ?? versionOf(body);
  return etag === undefined ? {} : { 'if-match': etag };
}

function versionOf(body: unknown): string | undefined {
  const meta: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'meta') : undefined;
  const version: unknown = typeof meta === 'object' && meta !== null ? Reflect.get(meta, 'version') : undefined;
  return typeof version === 'string' && /^(?:W\/)?"[\x21\x23-\x7e]*"$/.test(version) ? version : undefined;
}

/** Reads a resource, and writes what comes of it: nothing where `write` answers undefined. */
export async function readThenWrite<T>(
  path: string,
  {
    context,
    parse,
    write,
    result,
  }: {
    readonly context: ExecutionContext;
    /** Undefined where the resource cannot be read. */
    readonly parse: (body: unknown) => T | undefined;
    readonly write: (held: T, reply: HttpReply) => Omit<HttpCall, 'path' | 'headers'> | undefined;
    readonly result: (held: T) => unknown;
  },
): Promise<ExecutionResult> {
  const answer = await readBack({ path }, context);
  if (!answer.ok) return failedOf(answer, true);
  const held = parse(answer.reply.body);
  if (held === undefined)
    return { status: 'failed', code: 'RESPONSE_UNEXPECTED', detail: 'The resource cannot be read.', exposed: true };
  const call = write(held, answer.reply);
  if (call === undefined) return { status: 'succeeded', result: result(held) };
  const sent = await context.http.send(scimCall({ ...call, path, headers: ifMatch(answer.reply) }), {
    repeatable: false,
    signal: context.signal,
  });
  return sent.ok ? { status: 'succeeded', result: result(held) } : failedOf(sent, false);
}
