import { isJsonObject } from '../../../src/lib/json.ts';
import {
  asEntry,
  badRequest,
  created,
  empty,
  notFound,
  objectOf,
  ok,
  pageOf,
  refuse,
  selected,
  textOf,
} from './replies.ts';
import { type Entry, newGuid, type Route, type Tenant, type TenantCall } from './tenant.ts';

type Records = 'roleAssignments' | 'grants' | 'appRoleAssignments' | 'policies' | 'servicePrincipals';

/** Reads one record, or deletes it, from the last variable of the path. */
const read =
  (of: Records): Route['handle'] =>
  ({ tenant, ids }) => {
    const entry = tenant[of].get(ids.at(-1) ?? '');
    return entry === undefined ? notFound(ids.at(-1)) : ok(entry);
  };

const remove =
  (of: Records, effect: string): Route['handle'] =>
  ({ tenant, ids, world }) => {
    const id = ids.at(-1) ?? '';
    const entry = tenant[of].get(id);
    if (entry === undefined) return notFound(id);
    tenant[of].delete(id);
    if (of === 'servicePrincipals') tenant.deleted.set(id, entry);
    world.audit(effect, id);
    return empty();
  };

function add(
  { tenant, body, world }: TenantCall,
  to: 'roleAssignments' | 'grants' | 'appRoleAssignments',
  effect: string,
) {
  const id = `simulated-${world.id()}`;
  const { '@odata.type': _, ...rest } = body;
  const entry: Entry = { id, ...asEntry(rest) };
  tenant[to].set(id, entry);
  world.audit(effect, id);
  return created(entry);
}

const assignRole: Route['handle'] = (call) => {
  const { tenant, body } = call;
  const same = [...tenant.roleAssignments.values()].some((held) =>
    ['principalId', 'roleDefinitionId', 'directoryScopeId'].every((name) => held[name] === body[name]),
  );
  if (same)
    return badRequest(
      'A conflicting object with one or more of the specified property values is present in the directory.',
    );
  return add(call, 'roleAssignments', 'role-assignment.create');
};

const assignAppRole: Route['handle'] = (call) => {
  if (call.body['principalId'] !== call.ids[0])
    return badRequest('principalId is not the service principal of the path.');
  return add(call, 'appRoleAssignments', 'app-role.assign');
};

const appRolesOf: Route['handle'] = (call) =>
  pageOf(
    [...call.tenant.appRoleAssignments.values()].filter((entry) => entry['principalId'] === call.ids[0]),
    call,
  );

const updatePolicy: Route['handle'] = ({ tenant, ids, body, world }) => {
  const policy = tenant.policies.get(ids[0] ?? '');
  if (policy === undefined) return notFound(ids[0]);
  if (policy['state'] === body['state']) return empty();
  Object.assign(policy, body);
  world.audit('conditional-access.update', String(policy['id']));
  return empty();
};

const setRisk =
  (riskState: string, riskLevel: string, effect: string): Route['handle'] =>
  ({ tenant, body, world }) => {
    const ids = Array.isArray(body['userIds']) ? body['userIds'].map(textOf) : [];
    if (ids.some((id) => !tenant.users.has(id))) return refuse(404, 'ResourceNotFound', 'A user does not exist.');
    for (const id of ids) {
      const now = tenant.riskyUsers.get(id);
      if (now?.['riskState'] === riskState) continue;
      tenant.riskyUsers.set(id, { ...now, id, riskState, riskLevel });
      world.audit(effect, id);
    }
    return empty();
  };

function secretsOf(tenant: Tenant, id: string | undefined) {
  const application = tenant.applications.get(id ?? '');
  const held = application?.['passwordCredentials'];
  return application === undefined
    ? undefined
    : { application, secrets: Array.isArray(held) ? held.filter(isJsonObject) : [] };
}

const addPassword: Route['handle'] = ({ tenant, ids, body, world }) => {
  const found = secretsOf(tenant, ids[0]);
  if (found === undefined) return notFound(ids[0]);
  const secret = { keyId: newGuid(world), ...objectOf(body['passwordCredential']) };
  found.application['passwordCredentials'] = [...found.secrets, secret];
  world.audit('application.add-password', String(ids[0]));
  return ok({ ...secret, secretText: `simulated~${world.id()}`, hint: 'sim' });
};

const removePassword: Route['handle'] = ({ tenant, ids, body, world }) => {
  const found = secretsOf(tenant, ids[0]);
  if (found === undefined) return notFound(ids[0]);
  const kept = found.secrets.filter(({ keyId }) => keyId !== body['keyId']);
  if (kept.length === found.secrets.length) return badRequest('No password credential found with keyId.');
  found.application['passwordCredentials'] = kept;
  world.audit('application.remove-password', String(ids[0]));
  return empty();
};

const readApplication: Route['handle'] = ({ tenant, ids, query }) => {
  const application = tenant.applications.get(ids[0] ?? '');
  return application === undefined ? notFound(ids[0]) : ok(selected(application, query));
};

const ROLES = '/roleManagement/directory/roleAssignments';
const APP_ROLES = '/servicePrincipals/{}/appRoleAssignments';
const POLICIES = '/identity/conditionalAccess/policies';
const RISKY = '/identityProtection/riskyUsers';

export const rightsRoutes: readonly Route[] = [
  { method: 'GET', path: ROLES, handle: (call) => pageOf(call.tenant.roleAssignments.values(), call) },
  { method: 'POST', path: ROLES, handle: assignRole },
  { method: 'GET', path: `${ROLES}/{}`, handle: read('roleAssignments') },
  { method: 'DELETE', path: `${ROLES}/{}`, handle: remove('roleAssignments', 'role-assignment.delete') },
  { method: 'GET', path: '/oauth2PermissionGrants', handle: (call) => pageOf(call.tenant.grants.values(), call) },
  { method: 'POST', path: '/oauth2PermissionGrants', handle: (call) => add(call, 'grants', 'permission-grant.create') },
  { method: 'GET', path: '/oauth2PermissionGrants/{}', handle: read('grants') },
  { method: 'DELETE', path: '/oauth2PermissionGrants/{}', handle: remove('grants', 'permission-grant.delete') },
  { method: 'GET', path: APP_ROLES, handle: appRolesOf },
  { method: 'POST', path: APP_ROLES, handle: assignAppRole },
  { method: 'GET', path: `${APP_ROLES}/{}`, handle: read('appRoleAssignments') },
  { method: 'DELETE', path: `${APP_ROLES}/{}`, handle: remove('appRoleAssignments', 'app-role.unassign') },
  { method: 'GET', path: '/applications/{}', handle: readApplication },
  { method: 'POST', path: '/applications/{}/addPassword', handle: addPassword },
  { method: 'POST', path: '/applications/{}/removePassword', handle: removePassword },
  { method: 'GET', path: '/servicePrincipals/{}', handle: read('servicePrincipals') },
  { method: 'DELETE', path: '/servicePrincipals/{}', handle: remove('servicePrincipals', 'service-principal.delete') },
  { method: 'GET', path: POLICIES, handle: (call) => pageOf(call.tenant.policies.values(), call) },
  { method: 'GET', path: `${POLICIES}/{}`, handle: read('policies') },
  { method: 'PATCH', path: `${POLICIES}/{}`, handle: updatePolicy },
  { method: 'DELETE', path: `${POLICIES}/{}`, handle: remove('policies', 'conditional-access.delete') },
  { method: 'GET', path: RISKY, handle: (call) => pageOf(call.tenant.riskyUsers.values(), call) },
  {
    method: 'GET',
    path: `${RISKY}/{}`,
    handle: ({ tenant, ids: [id = ''] }) => {
      const user = tenant.riskyUsers.get(id);
      return user === undefined ? notFound(id) : ok(user);
    },
  },
  { method: 'POST', path: `${RISKY}/dismiss`, handle: setRisk('dismissed', 'none', 'risky-user.dismiss') },
  {
    method: 'POST',
    path: `${RISKY}/confirmCompromised`,
    handle: setRisk('confirmedCompromised', 'high', 'risky-user.confirm-compromised'),
  },
];
