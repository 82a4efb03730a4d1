import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Caller } from '../../gate/interlock.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { Json } from '../../lib/json.ts';
import type { Guard } from './guard.ts';
import { errorOf } from './problem.ts';

interface ModelReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or the events of a stream. */
  readonly body: Json | AsyncIterable<string>;
}

/** Calls of models, as their own clients make them. */
export interface ModelHandler {
  answer(
    caller: Caller,
    request: {
      readonly system: string;
      readonly method: string;
      readonly path: string;
      readonly body: Json | undefined;
      readonly headers: Readonly<Record<string, string>>;
    },
  ): Promise<ModelReply>;
  /** What was refused before it could be a call. */
  refused(error: InterlockError): Promise<ModelReply> | ModelReply;
}

/** Offers each configured system of models at `/models/{system}/v1`, behind the same guard and the same parser. */
export function registerModels(app: FastifyInstance, guard: Guard, handler: ModelHandler): void {
  app.route<{ Params: { system: string; '*': string } }>({
    method: ['POST', 'GET'],
    url: '/models/:system/v1/*',
    onRequest: [guard.authenticate],
    errorHandler: async (thrown, request, reply) => {
      const error = errorOf(thrown);
      if (error.code === 'INTERNAL')
        request.log.error({ stack: error.stack }, 'a call of a model failed for a reason nobody foresaw');
      return send(reply, await handler.refused(error));
    },
    async handler(request, reply) {
      const caller = guard.callerOf(request);
      if (caller === undefined) throw new InterlockError('UNAUTHENTICATED');
      const { system, '*': path } = request.params;
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers[name] = value;
      const body = request.method === 'POST' ? (request.body as Json) : undefined; // the strict parser has read it
      return send(reply, await handler.answer(caller, { system, method: request.method, path, body, headers }));
    },
  });
}

function send(reply: FastifyReply, { status, headers, body }: ModelReply): FastifyReply {
  reply.code(status).headers(headers);
  return isStream(body) ? reply.send(Readable.from(body)) : reply.type('application/json').send(JSON.stringify(body));
}

function isStream(body: ModelReply['body']): body is AsyncIterable<string> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
