import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { absent, invalid } from './replies.ts';
import type { Workspace } from './seed.ts';

const LISTS: Readonly<Record<string, string>> = {
  models: 'registered_models',
  'external-locations': 'external_locations',
};
/** What lies below a catalog or a schema. */
const BELOW = ['schemas', 'tables', 'volumes', 'models'] as const;

/** `/<collection>` and `/<collection>/<name>`; what is not empty is deleted by force only. */
export function answerSecurable(
  { securables }: Workspace,
  request: SimulatorRequest,
  world: SimulatorWorld,
): SimulatorResponse | undefined {
  const [, , , collection = '', name] = request.segments;
  const things = Object.hasOwn(securables, collection) ? securables[collection] : undefined;
  if (things === undefined) return undefined;
  if (name === undefined) return listOf(collection, [...things.values()], request);
  const thing = things.get(name);
  if (thing === undefined) return absent(`'${name}'`);
  if (request.method === 'GET') return { status: 200, body: thing };
  if (request.method !== 'DELETE') return undefined;
  const below = BELOW.flatMap((kind) => [...(securables[kind]?.keys() ?? [])].map((key) => ({ kind, key }))).filter(
    ({ key }) => key.startsWith(`${name}.`),
  );
  if (below.length > 0 && request.query.get('force') !== 'true') return invalid(`'${name}' is not empty.`);
  for (const { kind, key } of below) securables[kind]?.delete(key);
  things.delete(name);
  world.audit(`${collection}.delete`, name);
  return { status: 200, body: {} };
}

function listOf(collection: string, things: readonly object[], { query }: SimulatorRequest): SimulatorResponse {
  const size = Number(query.get('max_results') ?? 100);
  const from = Number(query.get('page_token') ?? 0);
  const within = [query.get('catalog_name'), query.get('schema_name')].filter((name) => name !== null).join('.');
  const matching = things.filter(
    (thing) => 'full_name' in thing && String(thing.full_name).startsWith(within === '' ? '' : `${within}.`),
  );
  const more = from + size < matching.length ? { next_page_token: String(from + size) } : {};
  return {
    status: 200,
    body: {
      [LISTS[collection] ?? collection]: matching.slice(from, from + size).map((thing) => ({ ...thing })),
      ...more,
    },
  };
}

/** One a page, and the first page empty: a client must read on until there is no token [doc]. */
export function answerTags(
  { securables, tags }: Workspace,
  { collection, name }: { readonly collection: string; readonly name: string },
  { query }: SimulatorRequest,
): SimulatorResponse {
  if (securables[collection]?.has(name) !== true) return absent(`'${name}'`);
  const own = tags.get(`${collection}/${name}`) ?? [];
  const at = Number(query.get('page_token') ?? 0);
  const shown = at === 0 ? [] : own.slice(at - 1, at);
  const body = {
    tag_assignments: shown.map(([tag_key, tag_value]) => ({
      entity_type: collection,
      entity_name: name,
      tag_key,
      tag_value,
    })),
    ...(at < own.length ? { next_page_token: String(at + 1) } : {}),
  };
  return { status: 200, body };
}
