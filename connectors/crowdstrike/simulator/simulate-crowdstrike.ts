import type { Simulate } from '../../../src/connector/contract.ts';
import { createSimulator } from '../../../src/connector/simulator/create-simulator.ts';
import { createSimulatedRateLimit } from '../../../src/connector/simulator/rate-limit.ts';
import { createSimulatedTokenEndpoint } from '../../../src/connector/simulator/token-endpoint.ts';
import { FALCON_ROUTES } from './routes.ts';
import { seedTenant } from './seed.ts';
import { refuse } from './tenant.ts';

const CLIENT = { clientId: 'simulated-client', clientSecret: 'simulated-client-secret' };
const TOKEN_SECONDS = 1_799;
/** As many as a Falcon tenant grants a minute [doc]. */
const REQUESTS_PER_MINUTE = 6_000;
const RETRY_AFTER = 'x-ratelimit-retryafter';

/** A simulated tenant with its own hosts and people. No answer of it is a fact about Falcon but where a mark says so. */
export const simulateCrowdstrike: Simulate = (options) => {
  const tenant = seedTenant();
  const tokens = createSimulatedTokenEndpoint({
    path: '/oauth2/token',
    clients: [CLIENT],
    lifetimeSeconds: TOKEN_SECONDS,
  });
  const limit = createSimulatedRateLimit({
    limit: REQUESTS_PER_MINUTE,
    windowMs: 60_000,
    hint: { kind: 'epoch', header: RETRY_AFTER },
    refusal: refuse(429, 'API rate limit exceeded.'),
  });
  return createSimulator({
    options,
    settings: (origin) => ({ origin, ...CLIENT }),
    handle: (request, world) => {
      const token = tokens.answer(request, world);
      // Falcon says 201 where others say 200 [sdk].
      if (token !== undefined) return token.status === 200 ? { ...token, status: 201 } : token;
      const limited = limit.count(world.clock);
      if (limited !== undefined) return limited;
      if (tokens.clientOf(request, world) === undefined) return refuse(401, 'access denied, invalid bearer token');
      const route = FALCON_ROUTES.find(({ method, path }) => method === request.method && path === request.path);
      return route === undefined ? refuse(404, '404: Page Not Found') : route.handle({ tenant, request, world });
    },
    refusal: (status, { clock }) => ({
      ...refuse(status, 'injected'),
      ...(status === 429 ? { headers: { [RETRY_AFTER]: String(Math.ceil(clock.now() / 1_000) + 1) } } : {}),
    }),
  });
};
