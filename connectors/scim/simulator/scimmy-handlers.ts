import type { SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/lib/json.ts';
import type { Store, Stored } from './seed.ts';

/** What one request to SCIMMY brings along: its handlers are shared by all servers of the process. */
export interface ScimContext {
  readonly store: Store;
  readonly world: SimulatorWorld;
}

interface Handled {
  readonly id?: string;
  readonly filter?: { match(values: readonly object[]): unknown[] };
}

interface Handlers {
  ingress(handle: (resource: Handled, data: object, context: ScimContext) => object): unknown;
  egress(handle: (resource: Handled, context: ScimContext) => unknown): unknown;
  degress(handle: (resource: Handled, context: ScimContext) => void): unknown;
}

/** The part of SCIMMY's interface that is used, so that nobody needs it who does not simulate. */
export interface Scimmy {
  readonly Resources: {
    declare(resource: Handlers): unknown;
    readonly User: Handlers;
    readonly Group: Handlers;
  };
  readonly Types: { readonly Error: new (status: number, scimType: string | null, message: string) => Error };
}

let declared = false;

/** Gives SCIMMY's users and groups a store, once a process; the store itself comes with each request. */
export function declareResources({ Resources, Types }: Scimmy): void {
  if (declared) return;
  declared = true;
  const absent = (id: string | undefined) => new Types.Error(404, null, `Resource ${id} not found`);
  const taken = () => new Types.Error(409, 'uniqueness', 'userName is taken');
  for (const [kind, handlers] of [
    ['users', Resources.User],
    ['groups', Resources.Group],
  ] as const) {
    Resources.declare(handlers);
    handlers.egress(({ id, filter }, { store }) => {
      const all = [...store[kind].values()].map((stored) => structuredClone(stored));
      if (id === undefined) return filter === undefined ? all : filter.match(all);
      const found = all.find((stored) => stored['id'] === id);
      if (found === undefined) throw absent(id);
      return found;
    });
    handlers.ingress(({ id }, data, { store, world }) => {
      const before = id === undefined ? undefined : store[kind].get(id);
      if (id !== undefined && before === undefined) throw absent(id);
      const key = id ?? world.id();
      const next: Stored = { ...plain(data), id: key, meta: { version: `W/"${versionOf(before) + 1}"` } };
      const name = String(next['userName'] ?? '').toLowerCase();
      const isTaken = [...store.users.values()].some(
        (user) => user['id'] !== key && String(user['userName']).toLowerCase() === name,
      );
      if (kind === 'users' && isTaken) throw taken();
      const effect = effectOf(kind, before, next);
      if (effect === undefined && before !== undefined) return structuredClone(before);
      store[kind].set(key, next);
      world.audit(effect ?? `${kind}.none`, key);
      return structuredClone(next);
    });
    handlers.degress(({ id = '' }, { store, world }) => {
      if (!store[kind].delete(id)) throw absent(id);
      for (const group of store.groups.values())
        group['members'] = membersOf(group)
          .filter((value) => value !== id)
          .map((value) => ({ value }));
      world.audit(kind === 'users' ? 'user.delete' : 'group.delete', id);
    });
  }
}

/** What SCIMMY parsed, as plain JSON. */
function plain(data: object): JsonObject {
  const { meta: _, ...rest } = JSON.parse(JSON.stringify(data));
  return rest;
}

function versionOf(stored: Stored | undefined): number {
  const meta = stored?.['meta'];
  return isJsonObject(meta) ? Number(/\d+/.exec(String(meta['version']))?.[0] ?? 0) : 0;
}

function membersOf(group: Stored | undefined): readonly string[] {
  const members = group?.['members'];
  return Array.isArray(members) ? members.flatMap((each) => (isJsonObject(each) ? [String(each['value'])] : [])) : [];
}

/** What a write changed, in the words of the audit log; undefined: nothing. */
function effectOf(kind: keyof Store, before: Stored | undefined, next: Stored): string | undefined {
  if (before === undefined) return kind === 'users' ? 'user.create' : 'group.create';
  if (comparable(before) === comparable(next)) return undefined;
  if (kind === 'users') {
    if (before['active'] !== next['active']) return next['active'] === true ? 'user.activate' : 'user.deactivate';
    return 'user.update';
  }
  const [had, has] = [membersOf(before), membersOf(next)];
  if (has.some((id) => !had.includes(id))) return 'group.add-members';
  return had.some((id) => !has.includes(id)) ? 'group.remove-members' : 'group.rename';
}

/** Sorted, and without what is empty or the service's own. */
function comparable({ meta: _, schemas: _schemas, ...rest }: Stored): string {
  const sorted = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(sorted);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name, inner]) => inner !== null && name !== '$ref' && !(Array.isArray(inner) && inner.length === 0))
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([name, inner]) => [name, sorted(inner)]),
    );
  };
  return JSON.stringify(sorted(rest));
}
