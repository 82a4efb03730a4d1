import type { Simulate, Simulator, SimulatorOptions } from '../../../src/connector/contract.ts';
import {
  createSimulator,
  type SimulatorResponse,
  type SimulatorWorld,
} from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { createAccess, type ServiceApp, SIMULATED_TOKEN } from './access.ts';
import { groupRoutes } from './groups.ts';
import { lifecycleRoutes } from './lifecycle.ts';
import type { Org, Route } from './org.ts';
import { otherRoutes } from './others.ts';
import { createRateLimit } from './rate-limit.ts';
import { refuse } from './replies.ts';
import { roleRoutes } from './roles.ts';
import { seedOrg } from './seed.ts';
import { userRoutes } from './users.ts';

export interface OktaSimulatorOptions extends SimulatorOptions {
  readonly requestsPerMinute?: number;
  /** How many reads an activation or deactivation goes on for; 0: it is over at once. */
  readonly transitionReads?: number;
  readonly serviceApp?: ServiceApp;
}

/** As many as Okta's own documentation shows in its examples. */
const REQUESTS_PER_MINUTE = 1_200;

export const OKTA_ROUTES: readonly Route[] = [
  ...userRoutes,
  ...lifecycleRoutes,
  ...groupRoutes,
  ...roleRoutes,
  ...otherRoutes,
];

/** A simulated org with its own people, groups and rules. No answer of it is a fact about Okta but where a mark says so. */
export function createOktaSimulator(options: OktaSimulatorOptions): Promise<Simulator> {
  const org = seedOrg(options.transitionReads);
  const access = createAccess(options.serviceApp);
  const limit = createRateLimit(options.requestsPerMinute ?? REQUESTS_PER_MINUTE);
  return createSimulator({
    options,
    settings: (origin) => ({ origin, token: SIMULATED_TOKEN }),
    handle: async (request, world) => {
      const limited = limit.count(world);
      if (limited !== undefined) return limited;
      const { headers, ...reply } = await answer(request, world);
      return { ...reply, headers: { ...limit.headers(world), 'x-okta-request-id': world.id(), ...headers } };
    },
    refusal: (status, world) => injected(status, limit.headers(world)),
  });

  async function answer(request: SimulatorRequest, world: SimulatorWorld): Promise<SimulatorResponse> {
    if (request.method === 'POST' && request.path === '/oauth2/v1/token') return access.token(request, world);
    return access.refusal(request, world) ?? route(org, request, world);
  }
}

export const simulateOkta: Simulate = (options) => createOktaSimulator(options);

function route(org: Org, request: SimulatorRequest, world: SimulatorWorld): SimulatorResponse {
  for (const { method, path, handle } of OKTA_ROUTES) {
    const ids = method === request.method ? variablesOf(path, request.segments) : undefined;
    if (ids !== undefined) return handle({ org, request, world, ids });
  }
  return refuse('E0000008');
}

/** The values of a path's variables, in order; undefined where the path is another one. */
function variablesOf(path: string, segments: readonly string[]): readonly string[] | undefined {
  const parts = path.slice(1).split('/');
  const fits =
    parts.length === segments.length && parts.every((part, i) => part.startsWith('{') || part === segments[i]);
  return fits ? segments.filter((_, i) => parts[i]?.startsWith('{')) : undefined;
}

/** An injected status, said as Okta says it. */
function injected(status: number, headers: Readonly<Record<string, string>>): SimulatorResponse {
  if (status === 429) return { ...refuse('E0000047'), headers };
  if (status === 401) return refuse('E0000011');
  return status >= 500 ? { ...refuse('E0000009'), status } : { ...refuse('E0000006'), status };
}
