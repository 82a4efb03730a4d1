import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { isJsonObject, type Json } from '../../../src/lib/json.ts';
import { invalid } from './replies.ts';
import type { Workspace } from './seed.ts';

const strings = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** GET and PATCH of the privileges under a key. Only what really changes is an effect. */
export function answerGrants(
  { grants }: Workspace,
  key: string,
  request: SimulatorRequest,
  world: SimulatorWorld,
): SimulatorResponse {
  const held = grants.get(key) ?? new Map<string, Set<string>>();
  grants.set(key, held);
  if (request.method === 'PATCH') {
    const changes = isJsonObject(request.body) ? request.body['changes'] : undefined;
    if (!Array.isArray(changes)) return invalid('changes are missing');
    for (const change of changes.filter(isJsonObject)) {
      const who = String(change['principal']);
      const privileges = held.get(who) ?? new Set<string>();
      held.set(who, privileges);
      for (const one of strings(change['add']))
        if (!privileges.has(one)) {
          privileges.add(one);
          world.audit('grant.add', `${key} ${who} ${one}`);
        }
      for (const one of strings(change['remove']))
        if (privileges.delete(one)) world.audit('grant.remove', `${key} ${who} ${one}`);
    }
  }
  const privilege_assignments = [...held]
    .filter(([, privileges]) => privileges.size > 0)
    .map(([principal, privileges]) => ({ principal, privileges: [...privileges].sort() }))
    .sort((a, b) => (a.principal < b.principal ? -1 : 1));
  return { status: 200, body: { privilege_assignments } };
}

/** GET, PUT (replaces all) and PATCH (adds) of a workspace object's list. */
export function answerAcl(
  { acls }: Workspace,
  key: string,
  request: SimulatorRequest,
  world: SimulatorWorld,
): SimulatorResponse {
  const before = acls.get(key) ?? [];
  if (request.method !== 'GET') {
    const given = isJsonObject(request.body) ? request.body['access_control_list'] : undefined;
    const entries = Array.isArray(given) ? given.filter(isJsonObject) : [];
    const who = (entry: object) =>
      JSON.stringify(Object.entries(entry).filter(([name]) => name !== 'permission_level'));
    const kept =
      request.method === 'PUT' ? [] : before.filter((one) => !entries.some((entry) => who(entry) === who(one)));
    const after = [...kept, ...entries].sort((a, b) => (who(a) < who(b) ? -1 : 1));
    if (JSON.stringify(after) !== JSON.stringify(before))
      world.audit(`acl.${request.method === 'PUT' ? 'replace' : 'grant'}`, key);
    acls.set(key, after);
  }
  const access_control_list = (acls.get(key) ?? []).map(({ permission_level = '', ...principal }) => ({
    ...principal,
    all_permissions: [{ permission_level, inherited: false }],
  }));
  return { status: 200, body: { object_id: `/${key}`, access_control_list } };
}
