import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../../gate/interlock.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { Json } from '../../lib/json.ts';
import type { Guard } from './guard.ts';

export interface McpContext {
  readonly caller: Caller;
  /** The body as the strict parser read it; the request's own body is that value written again. */
  readonly body: Json | undefined;
}

/** The MCP surface over streamable HTTP, as a web-standard handler. */
export type McpHandler = (request: Request, context: McpContext) => Promise<Response>;

/** Headers that belong to this connection or to this server alone. */
const WITHHELD = new Set([
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'keep-alive',
  'transfer-encoding',
]);

/** Offers MCP at /mcp, behind the same guard and the same parser as everything else. */
export function registerMcp(app: FastifyInstance, guard: Guard, closing: AbortSignal, handle: McpHandler): void {
  app.route({
    method: ['POST', 'GET', 'DELETE'],
    url: '/mcp',
    onRequest: [guard.authenticate],
    async handler(request, reply) {
      const caller = guard.callerOf(request);
      if (caller === undefined) throw new InterlockError('UNAUTHENTICATED');
      const context = { caller, body: request.method === 'POST' ? (request.body as Json) : undefined };
      return reply.send(await handle(webRequest(request, context.body, closing), context));
    },
  });
}

function webRequest(request: FastifyRequest, body: Json | undefined, closing: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !WITHHELD.has(name)) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return new Request(`http://${request.headers.host}${request.url}`, {
    method: request.method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.any([request.signal, closing]),
  });
}
