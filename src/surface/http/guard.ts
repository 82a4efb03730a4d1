import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller, Interlock } from '../../gate/interlock.ts';
import { InterlockError } from '../../lib/errors.ts';
import { type AllowedOrigins, originCheck } from './check-origin.ts';
import { checkBody, checkPath, checkRepeats } from './check-request.ts';
import { readBearer } from './read-bearer.ts';
import { stamp } from './security-headers.ts';

export interface GuardOptions extends AllowedOrigins {
  readonly interlock: Interlock;
}

export interface Guard {
  /** A route's hook: verifies the credential before a byte of the body is read. Throws UNAUTHENTICATED. */
  authenticate(request: FastifyRequest): Promise<void>;
  /** Who sent the request, once authenticated. */
  callerOf(request: FastifyRequest): Caller | undefined;
}

/** Refuses whatever is ambiguous, comes from elsewhere or is unknown, before anything else looks at it. */
export function guard(app: FastifyInstance, options: GuardOptions): Guard {
  const callers = new WeakMap<FastifyRequest, Caller>();
  const checkOrigin = originCheck(options);
  app.addHook('onRequest', async (request, reply) => {
    stamp(request, reply);
    checkRepeats(request.raw.rawHeaders);
    checkOrigin(request.headers);
    checkPath(request.raw.url ?? '');
    if (request.is404) throw new InterlockError('NOT_FOUND', 'there is no such route; see /openapi.json');
    checkBody(request.raw);
  });
  return {
    async authenticate(request) {
      callers.set(request, await options.interlock.authenticate(readBearer(request.headers.authorization)));
    },
    callerOf: (request) => callers.get(request),
  };
}
