import type { Simulate } from '../../../src/connector/contract.ts';
import {
  createSimulator,
  type SimulatorResponse,
  type SimulatorWorld,
} from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';
import { pageOf } from './page-of.ts';
import { type Collection, SEED, seedCollections } from './seed.ts';
import { createTargets, type Targets } from './targets.ts';

export const SIMULATED_TOKEN = 'simulated-kong-token';

interface Gateway {
  readonly collections: ReturnType<typeof seedCollections>;
  readonly targets: Targets;
}

const NOT_FOUND: SimulatorResponse = { status: 404, body: { message: 'Not found' } };

/** What a change is called in the audit. */
const NOUNS: Readonly<Record<Collection, string>> = {
  services: 'service',
  routes: 'route',
  plugins: 'plugin',
  consumers: 'consumer',
  certificates: 'certificate',
  upstreams: 'upstream',
};

/** A simulated Admin API. Its paths and statuses are those of the published description; how it refuses is [mem]. */
export const simulateKong: Simulate = (options) => {
  const gateway: Gateway = { collections: seedCollections(), targets: createTargets(SEED.upstream, SEED.target) };
  return createSimulator({
    options,
    settings: (origin) => ({ origin, token: SIMULATED_TOKEN }),
    handle: (request, world) => {
      if (request.headers['kong-admin-token'] !== SIMULATED_TOKEN)
        return { status: 401, body: { message: 'Unauthorized' } };
      return answer(gateway, request, world);
    },
  });
};

function answer(gateway: Gateway, request: SimulatorRequest, world: SimulatorWorld): SimulatorResponse {
  const [collection = '', id, below, target] = request.segments;
  if (!Object.hasOwn(NOUNS, collection)) return NOT_FOUND;
  const name = collection as Collection; // one of them, as just seen
  const things = gateway.collections[name];
  if (below === 'targets' && name === 'upstreams')
    return things.has(id ?? '') ? gateway.targets.answer(request, world, target) : NOT_FOUND;
  if (below !== undefined) return NOT_FOUND;
  if (id === undefined) return request.method === 'GET' ? pageOf([...things.values()], request) : NOT_FOUND;
  const there = things.get(id);
  switch (request.method) {
    case 'GET':
      return there === undefined ? NOT_FOUND : { status: 200, body: there };
    case 'PUT':
      return upsert(gateway, { name, id, request, world });
    case 'PATCH':
      return there === undefined ? NOT_FOUND : patch(gateway, { name, id, request, world });
    case 'DELETE':
      return remove(gateway, { name, id, request, world });
    default:
      return { status: 405, body: { message: 'Method not allowed' } };
  }
}

interface Change {
  readonly name: Collection;
  readonly id: string;
  readonly request: SimulatorRequest;
  readonly world: SimulatorWorld;
}

function upsert({ collections }: Gateway, { name, id, request, world }: Change): SimulatorResponse {
  if (!isJsonObject(request.body)) return invalid('body: expected an object');
  const missing = missingOf(collections, request.body);
  if (missing !== undefined) return invalid(missing);
  const { name: named } = request.body;
  const clash =
    name !== 'plugins' &&
    named !== undefined &&
    [...collections[name].values()].some((other) => other['id'] !== id && other['name'] === named);
  if (clash)
    return { status: 409, body: { message: 'UNIQUE violation', name: 'unique constraint violation', code: 5 } };
  const before = collections[name].get(id);
  const thing = { ...(name === 'services' || name === 'plugins' ? { enabled: true } : {}), ...request.body, id };
  collections[name].set(id, thing);
  if (JSON.stringify(before) !== JSON.stringify(thing)) world.audit(`${NOUNS[name]}.create`, id);
  return { status: 200, body: thing };
}

/** Names a thing that is referred to and not there. */
function missingOf(collections: Gateway['collections'], body: JsonObject): string | undefined {
  for (const [field, collection] of [
    ['service', 'services'],
    ['route', 'routes'],
  ] as const) {
    const foreign = body[field];
    if (isJsonObject(foreign) && !collections[collection].has(String(foreign['id'])))
      return `the foreign key ${field} does not exist`;
  }
  return undefined;
}

function patch({ collections }: Gateway, { name, id, request, world }: Change): SimulatorResponse {
  if (!isJsonObject(request.body)) return invalid('body: expected an object');
  const before = collections[name].get(id);
  const thing = { ...before, ...request.body, id };
  collections[name].set(id, thing);
  if (JSON.stringify(before) !== JSON.stringify(thing)) world.audit(`${NOUNS[name]}.update`, id);
  return { status: 200, body: thing };
}

function remove({ collections }: Gateway, { name, id, world }: Change): SimulatorResponse {
  const isUsed = [...collections.routes.values()].some(({ service }) => isJsonObject(service) && service['id'] === id);
  if (isUsed) return invalid('an existing routes entity references this services entity');
  if (collections[name].delete(id)) world.audit(`${NOUNS[name]}.delete`, id);
  return { status: 204 };
}

function invalid(message: string): SimulatorResponse {
  return { status: 400, body: { message, name: 'schema violation', code: 2, fields: {} } };
}
