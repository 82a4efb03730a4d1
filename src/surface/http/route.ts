import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Caller, Interlock } from '../../gate/interlock.ts';
import { type ErrorCode, InterlockError } from '../../lib/errors.ts';
import type { EventStreams } from './event-streams.ts';

/** What every route works with. */
export interface RouteContext {
  readonly interlock: Interlock;
  readonly streams: EventStreams;
  /** Aborted when the server begins to close: whoever waits answers with what there is. */
  readonly closing: AbortSignal;
}

interface Described<P, Q, B> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  /** Unique; the name that generated clients give the call. */
  readonly name: string;
  readonly summary: string;
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  readonly status: 200 | 201 | 204;
  readonly answer: z.ZodType;
  /** Of the answer; JSON when left out. */
  readonly mediaType?: string;
}

/** One request with the parts that the route declares parsed. */
interface Parsed<P, Q, B> extends RouteContext {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly reply: FastifyReply;
}

interface PublicDefinition<P, Q, B> extends Described<P, Q, B> {
  readonly handle: (request: Parsed<P, Q, B>) => unknown;
}

interface Definition<P, Q, B> extends Described<P, Q, B> {
  readonly handle: (request: Parsed<P, Q, B> & { readonly caller: Caller }) => unknown;
}

interface Unparsed extends Parsed<unknown, unknown, unknown> {
  readonly caller: Caller | undefined;
}

/** A route as the server and the OpenAPI description use it: the same schemas parse and describe. */
export interface Route extends Described<unknown, unknown, unknown> {
  readonly isPublic: boolean;
  /** Throws INVALID_CALL for a query or body, NOT_FOUND for a parameter that cannot be an id, and what the gate throws. */
  readonly handle: (request: Unparsed) => unknown;
}

/** A route that needs a credential; without a caller it refuses, whoever forgot to authenticate. */
export function route<P, Q, B>(definition: Definition<P, Q, B>): Route {
  const handle = (request: Unparsed): unknown => {
    const { caller } = request;
    if (caller === undefined) throw new InterlockError('UNAUTHENTICATED');
    return definition.handle({ ...parsed(definition, request), caller });
  };
  return { ...definition, isPublic: false, handle };
}

export function publicRoute<P, Q, B>(definition: PublicDefinition<P, Q, B>): Route {
  return { ...definition, isPublic: true, handle: (request) => definition.handle(parsed(definition, request)) };
}

function parsed<P, Q, B>({ params, query, body }: Described<P, Q, B>, request: Unparsed): Parsed<P, Q, B> {
  return {
    ...request,
    params: parse(params, request.params, 'NOT_FOUND'),
    query: parse(query, request.query, 'INVALID_CALL'),
    body: parse(body, request.body, 'INVALID_CALL'),
  };
}

const nothing = z.strictObject({});

function parse<T>(declared: z.ZodType<T> | undefined, value: unknown, code: ErrorCode): T {
  // Where a route declares nothing, nothing may come, and its handler does not look at it.
  const schema = declared ?? (nothing as unknown as z.ZodType<T>);
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  if (code === 'NOT_FOUND') throw new InterlockError(code);
  const issues = result.error.issues.slice(0, 10).map(({ path, message }) => ({ path: path.join('.'), message }));
  const detail = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  throw new InterlockError(code, detail, { data: { issues } });
}
