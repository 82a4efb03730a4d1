import type { FastifyInstance } from 'fastify';
import type { Guard } from './guard.ts';
import type { Route, RouteContext } from './route.ts';

/** Serves a route: authenticate, parse, call the gate, render. */
export function registerRoute(app: FastifyInstance, guard: Guard, context: RouteContext, route: Route): void {
  app.route({
    method: route.method,
    url: route.path.replaceAll(/\{([a-z]+)\}/g, ':$1'),
    onRequest: route.isPublic ? [] : [guard.authenticate],
    async handler(request, reply) {
      const { params, query, body } = request;
      const answer = await route.handle({ ...context, caller: guard.callerOf(request), params, query, body, reply });
      // A reply is thenable: awaiting one that a live stream has taken over resolves when the stream has ended.
      if (answer === reply || reply.sent) return reply;
      return reply.code(route.status).send(route.status === 204 ? undefined : answer);
    },
  });
}
