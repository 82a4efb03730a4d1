import type { Simulate } from '../../../src/connector/contract.ts';
import {
  createSimulator,
  type SimulatorResponse,
  type SimulatorWorld,
} from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { contentRoutes } from './content-routes.ts';
import { repositoryRoutes } from './repository-routes.ts';
import { bodyOf, NOT_FOUND, refuse, removal } from './route.ts';
import { SIMULATED_TOKEN, seedWorld, type World } from './seed.ts';

/** Both words are taken [doc]; the vendor's SDK writes the older one. */
const CREDENTIALS: ReadonlySet<string | undefined> = new Set([`Bearer ${SIMULATED_TOKEN}`, `token ${SIMULATED_TOKEN}`]);
const ROUTES = [...repositoryRoutes, ...contentRoutes];

/** A simulated GitHub with one organisation. No answer of it is a fact about GitHub but where a mark says so. */
export const simulateGithub: Simulate = (options) => {
  const github = seedWorld();
  return createSimulator({
    options,
    settings: (origin) => ({ origin, token: SIMULATED_TOKEN }),
    handle: (request, world) => {
      if (!CREDENTIALS.has(request.headers['authorization'])) return refuse(401, 'Bad credentials');
      if (request.headers['user-agent'] === undefined) return refuse(403, 'Request forbidden by administrative rules.');
      return answer(github, request, world);
    },
    refusal: (status) => ({
      status,
      headers: status === 403 ? { 'x-ratelimit-remaining': '57' } : {},
      body: { message: 'injected' },
    }),
  });
};

function answer(github: World, request: SimulatorRequest, world: SimulatorWorld): SimulatorResponse {
  const [kind, owner, name, ...rest] = request.segments;
  if (kind === 'rate_limit') return { status: 200, body: {} };
  if (kind === 'orgs') return member(github, request, world);
  const repository = github.repositories.get(`${owner}/${name}`);
  if (kind !== 'repos' || repository === undefined) return NOT_FOUND;
  const below = rest.map((segment) => `/${segment}`).join('');
  for (const { method, pattern, handle } of ROUTES) {
    const found = method === request.method ? pattern.exec(below) : null;
    if (found === null) continue;
    const params = found.slice(1);
    return handle({ github, repository, name: `${owner}/${name}`, request, world, body: bodyOf(request), params });
  }
  return NOT_FOUND;
}

function member({ members }: World, request: SimulatorRequest, world: SimulatorWorld): SimulatorResponse {
  const [, , kind, login = ''] = request.segments;
  const role = members.get(login);
  if (kind === 'members' && request.method === 'DELETE')
    return removal(members, login, () => world.audit('member.remove', login));
  if (kind !== 'memberships') return NOT_FOUND;
  if (request.method === 'GET')
    return role === undefined ? NOT_FOUND : { status: 200, body: { state: 'active', role } };
  const wanted = String(bodyOf(request)['role'] ?? 'member');
  if (role !== wanted) world.audit('member.set', login);
  members.set(login, wanted);
  return { status: 200, body: { state: role === undefined ? 'pending' : 'active', role: wanted } };
}
