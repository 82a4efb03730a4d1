import { PassThrough } from 'node:stream';
import type { Connection } from 'jsforce';
import type { Authentication, ExecutionContext } from '../../src/connector/contract.ts';
import type { HttpCall, HttpReply, HttpResult } from '../../src/connector/http/http-client.ts';
import { InterlockError } from '../../src/lib/errors.ts';

/** What a request is to the runtime: it only reads, it may be sent again, or it must never be. */
export type RequestClass = 'reads' | 'again' | 'once';

/** What every connection of one org shares. */
export interface Org {
  readonly origin: string;
  readonly version: string;
  readonly authentication: Authentication;
}

export interface ConfinedConnection {
  readonly connection: Connection;
  /** What came of the last request; undefined where none was sent. */
  last(): LastRequest | undefined;
}

export interface LastRequest {
  readonly result: HttpResult;
  /** Whether it could only read. */
  readonly reads: boolean;
  /** Whether this request or one before it may have had an effect. */
  readonly mayHaveWritten: boolean;
}

/** A request as jsforce hands it to its transport. */
interface JsforceRequest {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The place of the token in a SOAP header: jsforce never has the token itself. */
const TOKEN_PLACE = 'interlock-session-place';

/** Set by the shared client, or of no use to it. */
const DROPPED_HEADERS: ReadonlySet<string> = new Set(['authorization', 'content-length', 'connection', 'host']);

/**
 * A jsforce connection for one action, whose every request goes through the action's own client: origin lock, deadline,
 * size limit, redaction and retries by class are the shared runtime's. jsforce composes requests and reads answers.
 */
export async function confinedConnection(
  org: Org,
  context: ExecutionContext,
  classOf: (call: HttpCall) => RequestClass,
): Promise<ConfinedConnection> {
  const [{ Connection: Jsforce }] = await Promise.all([
    import('jsforce/lib/connection.js'),
    import('jsforce/lib/api/soap.js'),
  ]);
  const connection: Connection = new Jsforce({ instanceUrl: org.origin, version: org.version, logLevel: 'NONE' });
  connection.accessToken = TOKEN_PLACE;
  let last: LastRequest | undefined;
  const send = async (request: JsforceRequest) => {
    const call = toCall(org, request);
    const sends = classOf(call);
    const result = await sendWithToken(org, context, { call, sends });
    const reads = sends === 'reads';
    const mayHaveWritten = !reads && (result.ok || result.class === 'ambiguous');
    last = { result, reads, mayHaveWritten: mayHaveWritten || last?.mayHaveWritten === true };
    if (!result.ok) throw new InterlockError('EXECUTION_FAILED', result.detail, { data: { class: result.class } });
    return toJsforceReply(result.reply);
  };
  // jsforce's own field for it; its constructor takes none.
  connection._transport = {
    httpRequest: (request: JsforceRequest) => Object.assign(send(request), { stream: () => new PassThrough() }),
  } as unknown as Connection['_transport'];
  return { connection, last: () => last };
}

function toCall(org: Org, { method, url, body, headers = {} }: JsforceRequest): HttpCall {
  const address = new URL(url, org.origin);
  if (!isMethod(method)) throw new InterlockError('INVALID_INPUT', 'jsforce sends a method that is not known.');
  if (body !== undefined && typeof body !== 'string')
    throw new InterlockError('INVALID_INPUT', 'jsforce sends a body that is no text.');
  // The path as it was composed: what the URL's parser would normalise away must meet the origin lock.
  const [path = ''] = url.slice(url.startsWith(org.origin) ? org.origin.length : 0).split('?');
  const kept = Object.entries(headers).filter(([name]) => !DROPPED_HEADERS.has(name.toLowerCase()));
  return {
    method,
    path,
    query: Object.fromEntries(address.searchParams),
    headers: Object.fromEntries(kept.map(([name, value]) => [name.toLowerCase(), value])),
    ...(body === undefined || body === '' ? {} : { text: body }),
  };
}

function isMethod(method: string): method is HttpCall['method'] {
  return ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(method);
}

/** SOAP wants the token in its body, too; where it is refused there, the call is composed once more with the next one. */
async function sendWithToken(
  { authentication }: Org,
  { http, signal }: ExecutionContext,
  { call, sends }: { readonly call: HttpCall; readonly sends: RequestClass },
): Promise<HttpResult> {
  const options = { repeatable: sends !== 'once', reads: sends === 'reads', signal };
  if (call.text?.includes(TOKEN_PLACE) !== true) return http.send(call, options);
  for (let tries = 1; ; tries++) {
    const token = await tokenOf(authentication, http);
    if (typeof token !== 'string') return token;
    const text = call.text.replace(TOKEN_PLACE, () => token);
    const result = await http.send({ ...call, text }, options);
    if (result.ok || result.class !== 'credential' || tries > 1) return result;
  }
}

async function tokenOf(authentication: Authentication, http: ExecutionContext['http']): Promise<string | HttpResult> {
  try {
    const { authorization = '' } = await authentication.headers(http);
    return authorization.replace(/^Bearer /, '');
  } catch {
    return { ok: false, class: 'credential', detail: 'There is no token for the call.' };
  }
}

function toJsforceReply({ status, headers, body }: HttpReply): object {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return { statusCode: status, headers, body: text };
}
