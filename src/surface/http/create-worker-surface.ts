import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Caller, Interlock } from '../../gate/interlock.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import { asInterlockError, InterlockError } from '../../lib/errors.ts';
import { randomIds } from '../../lib/ids.ts';
import { PROMETHEUS_MEDIA_TYPE, prometheusText } from './prometheus-text.ts';
import { readBearer } from './read-bearer.ts';
import { type Board, registerBoard } from './register-board.ts';
import { stamp } from './security-headers.ts';
import { refuseOnSocket, sendProblem } from './send-problem.ts';

export interface WorkerSurfaceOptions {
  /** Throws UNAUTHENTICATED. */
  readonly authenticate: (bearer: string) => Promise<Caller>;
  /** Throws what is wrong. */
  readonly ready: () => Promise<void>;
  readonly metrics: Interlock['metrics'];
  /** Offered at /queues when given. */
  readonly board?: Board | undefined;
  readonly logger: FastifyBaseLogger;
}

/** What operators ask of a worker: whether it lives and works, and its metrics. Ready to `listen` or `inject`. */
export async function createWorkerSurface(options: WorkerSurfaceOptions): Promise<FastifyInstance> {
  const { authenticate, ready, metrics, logger } = options;
  const ids = randomIds();
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => ids.id('req'),
    bodyLimit: BOUNDS.bodyBytes,
    requestTimeout: BOUNDS.httpRequestMs,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    frameworkErrors: sendProblem,
    clientErrorHandler: refuseOnSocket(ids),
  });
  app.addHook('onRequest', async (request, reply) => stamp(request, reply));
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) => sendProblem(new InterlockError('NOT_FOUND'), request, reply));
  app.get('/livez', async () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    // The code without the detail: whoever asks has shown no credential.
    await ready().catch((cause: unknown) => {
      throw new InterlockError(asInterlockError(cause).code, undefined, { cause });
    });
    return { status: 'ok' };
  });
  app.get('/metrics', async (request, reply) => {
    const caller = await authenticate(readBearer(request.headers.authorization));
    if (caller.kind !== 'operator') throw new InterlockError('FORBIDDEN', 'metrics are for operators');
    reply.type(PROMETHEUS_MEDIA_TYPE);
    return prometheusText(metrics());
  });
  if (options.board !== undefined) await registerBoard(app, { ...options.board, path: '/queues', authenticate });
  await app.ready();
  return app;
}
