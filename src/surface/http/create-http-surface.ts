import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { BOUNDS } from '../../lib/bounds.ts';
import { type Clock, systemClock } from '../../lib/clock.ts';
import { InterlockError } from '../../lib/errors.ts';
import { type IdSource, randomIds } from '../../lib/ids.ts';
import { EventStreams } from './event-streams.ts';
import { type GuardOptions, guard } from './guard.ts';
import { readStrictJson } from './read-strict-json.ts';
import { type AuthRequestHandler, registerAuthRequest } from './register-auth-request.ts';
import { type Board, registerBoard } from './register-board.ts';
import { type McpHandler, registerMcp } from './register-mcp.ts';
import { type ModelHandler, registerModels } from './register-models.ts';
import { registerPage } from './register-page.ts';
import { registerRoute } from './register-route.ts';
import { ALL_ROUTES } from './routes/all-routes.ts';
import { refuseOnSocket, sendProblem } from './send-problem.ts';
import { type TraceOf, traceRequests } from './trace-requests.ts';

type HttpBounds = Record<Extract<keyof typeof BOUNDS, `http${string}` | `event${string}` | 'bodyBytes'>, number>;

export interface HttpSurfaceOptions extends GuardOptions {
  readonly logger: FastifyBaseLogger;
  /** Offered at /mcp when given. */
  readonly mcp?: McpHandler | undefined;
  /** Answers the gateways that ask by subrequest, when given. */
  readonly authRequest?: AuthRequestHandler | undefined;
  /** Offered at /models/{system}/v1 when given. */
  readonly models?: ModelHandler | undefined;
  /** The queues of look-ups, offered to operators at /queues when given. */
  readonly board?: Board | undefined;
  /** Whether the live page is offered at /. Default: yes. */
  readonly console?: boolean | undefined;
  readonly clock?: Clock | undefined;
  readonly ids?: IdSource | undefined;
  /** Tighter limits than those of {@link BOUNDS}. */
  readonly bounds?: Partial<HttpBounds> | undefined;
}

/**
 * The HTTP API, ready to `listen` or `inject`. It parses strictly, authenticates, calls the gate and renders; whatever
 * it does not know it refuses. Closing it ends live streams and waits at once and lets running calls finish.
 */
export async function createHttpSurface(options: HttpSurfaceOptions): Promise<FastifyInstance> {
  const { interlock, mcp, clock = systemClock } = options;
  const bounds: HttpBounds = { ...BOUNDS, ...options.bounds };
  const app = createServer(options, bounds);
  const streams = new EventStreams(interlock, clock, bounds);
  const closing = new AbortController();
  const traceOf = traceRequests(app);
  const guarded = guard(app, options);
  const context = { interlock, streams, closing: closing.signal };

  readStrictJson(app);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) => sendProblem(new InterlockError('NOT_FOUND'), request, reply));
  for (const route of ALL_ROUTES) registerRoute(app, guarded, context, route);
  if (mcp !== undefined) registerMcp(app, guarded, closing.signal, mcp);
  if (options.models !== undefined) registerModels(app, guarded, options.models);
  if (options.authRequest !== undefined) registerAuthRequest(app, options.authRequest);
  if (options.board !== undefined) {
    const authenticate = (bearer: string) => interlock.authenticate(bearer);
    await registerBoard(app, { ...options.board, path: '/queues', authenticate });
  }
  if (options.console !== false) await registerPage(app);
  app.addHook('onSend', async (_request, reply) => {
    // Its client would keep the connection for a next request, and closing would wait for it.
    if (closing.signal.aborted) reply.header('connection', 'close');
  });
  // Its lines hold nothing that somebody sent, so there is nothing to look for in them.
  const answers = options.logger.child({}, { redact: [] });
  app.addHook('onResponse', async (request, reply) => logAnswer(answers, request, reply, traceOf(request)));
  app.addHook('preClose', async () => {
    closing.abort();
    streams.close();
  });
  await app.ready();
  return app;
}

function createServer({ logger, ids = randomIds() }: HttpSurfaceOptions, bounds: HttpBounds): FastifyInstance {
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => ids.id('req'),
    bodyLimit: bounds.bodyBytes,
    requestTimeout: bounds.httpRequestMs,
    connectionTimeout: bounds.httpIdleMs,
    keepAliveTimeout: bounds.httpIdleMs,
    http: {
      headersTimeout: bounds.httpHeadersMs,
      // How often Node looks for clients that are late; its default of 30 s would add to every limit.
      connectionsCheckingInterval: Math.min(1_000, bounds.httpHeadersMs),
    },
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    // The framework's own 503 is no problem document; a request that comes while closing is answered like any other.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 3 * BOUNDS.idLength },
    frameworkErrors: sendProblem,
    clientErrorHandler: refuseOnSocket(ids),
  });
  app.server.maxConnections = bounds.httpConnections;
  return app;
}

/** One line a request, without its query, headers and body: they may carry what no log should. */
function logAnswer(
  log: FastifyBaseLogger,
  { id, method, routeOptions }: FastifyRequest,
  reply: FastifyReply,
  traced: ReturnType<TraceOf>,
): void {
  const ms = Math.round(reply.elapsedTime * 10) / 10;
  const line = { requestId: id, ...traced, method, route: routeOptions.url ?? 'none', status: reply.statusCode, ms };
  log.info(line, 'answered');
}
