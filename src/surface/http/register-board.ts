import type { Queue } from 'bullmq';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../../gate/interlock.ts';
import { InterlockError } from '../../lib/errors.ts';
import { originCheck } from './check-origin.ts';
import { readBearer } from './read-bearer.ts';
import { sendProblem } from './send-problem.ts';

/** Bull Board over the queues of look-ups: operators see jobs, retry those given up, and throw them away. */
export interface Board {
  readonly queues: readonly Queue[];
  /** The jobs are of all tenants: only administrators of this one, who run the installation, see them. */
  readonly tenant: string;
}

interface BoardPlace extends Board {
  readonly path: string;
  /** Throws UNAUTHENTICATED. */
  readonly authenticate: (bearer: string) => Promise<Caller>;
}

/** Its own files and calls; it styles elements by attributes. Fonts of another site are not loaded. */
const BOARD_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A browser asks for it by itself: any name, and an API key as the password (RFC 7617). */
const CHALLENGE = 'Basic realm="Interlock", charset="UTF-8"';
const BASIC = /^Basic +([A-Za-z0-9+/]{1,8192}={0,2})$/i;

/** Offers the board at `path`, behind a check of each request, its files included. */
export async function registerBoard(app: FastifyInstance, { path, queues, ...who }: BoardPlace): Promise<void> {
  // Most gateways have no board.
  const [{ createBullBoard }, { BullMQAdapter }, { FastifyAdapter }] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullMQAdapter'),
    import('@bull-board/fastify'),
  ]);
  const serverAdapter = new FastifyAdapter().setBasePath(path);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue)),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Interlock: look-ups', hideRedisDetails: true } },
  });
  await app.register(
    async (scope) => {
      // Its own handler of errors would quote them and their stacks.
      scope.addHook('onRoute', (route) => void Object.assign(route, { errorHandler: sendProblem }));
      scope.addHook('onRequest', (request) => admit(request, who));
      scope.addHook('onSend', async (_request, reply) => {
        reply.headers({ 'content-security-policy': BOARD_POLICY, 'cache-control': 'no-store' });
        if (reply.statusCode === 401) reply.header('www-authenticate', CHALLENGE);
      });
      await scope.register(serverAdapter.registerPlugin());
    },
    { prefix: path },
  );
}

/** Throws ORIGIN_REFUSED, UNAUTHENTICATED and FORBIDDEN. */
async function admit(
  { headers }: FastifyRequest,
  { authenticate, tenant }: Pick<BoardPlace, 'authenticate' | 'tenant'>,
): Promise<void> {
  // A browser adds the password by itself, also to what a page of another site makes it send.
  originCheck({ allowedHosts: [headers.host ?? ''], allowedOrigins: [] })(headers);
  const caller = await authenticate(credentialOf(headers.authorization));
  if (caller.kind === 'operator' && caller.tenant === tenant && caller.rights.has('administer')) return;
  throw new InterlockError('FORBIDDEN', 'the board is for administrators of the installation');
}

/** The password of a browser, or the token of anybody else. Throws UNAUTHENTICATED. */
function credentialOf(authorization: string | undefined): string {
  const encoded = BASIC.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return readBearer(authorization);
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  return readBearer(`Bearer ${text.slice(text.indexOf(':') + 1)}`);
}
