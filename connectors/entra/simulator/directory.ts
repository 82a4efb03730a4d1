import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import { asEntry, badRequest, created, empty, notFound, ok, pageOf, selected, textOf } from './replies.ts';
import { type Entry, newGuid, type Route, type Tenant, type TenantCall } from './tenant.ts';

function onGroup(handle: (group: Entry, call: TenantCall) => SimulatorResponse): Route['handle'] {
  return (call) => {
    const group = call.tenant.groups.get(call.ids[0] ?? '');
    return group === undefined ? notFound(call.ids[0]) : handle(group, call);
  };
}

const createGroup: Route['handle'] = ({ tenant, body, world }) => {
  if (textOf(body['displayName']) === '' || textOf(body['mailNickname']) === '')
    return badRequest('A required property is missing.');
  const id = newGuid(world);
  const group = { '@odata.type': '#microsoft.graph.group', id, groupTypes: [], ...asEntry(body) };
  tenant.groups.set(id, group);
  tenant.members.set(id, new Set());
  world.audit('group.create', id);
  return created(group);
};

/** A security group is gone for good [doc]. */
const deleteGroup = onGroup((group, { tenant, world }) => {
  const id = String(group['id']);
  tenant.groups.delete(id);
  tenant.members.delete(id);
  world.audit('group.delete', id);
  return empty();
});

function findObject({ users, groups, servicePrincipals, applications }: Tenant, id: string): Entry | undefined {
  return users.get(id) ?? groups.get(id) ?? servicePrincipals.get(id) ?? applications.get(id);
}

const listMembers = onGroup((group, call) => {
  const ids = [...(call.tenant.members.get(String(group['id'])) ?? [])];
  return pageOf(
    ids.map((id) => findObject(call.tenant, id)).filter((entry) => entry !== undefined),
    call,
  );
});

const addMember = onGroup((group, { tenant, body, world }) => {
  const memberId = textOf(body['@odata.id']).split('/').at(-1) ?? '';
  const members = tenant.members.get(String(group['id'])) ?? new Set();
  if (findObject(tenant, memberId) === undefined) return notFound(memberId);
  if (members.has(memberId))
    return badRequest(
      "One or more added object references already exist for the following modified properties: 'members'.",
    );
  members.add(memberId);
  world.audit('group.add-member', memberId);
  return empty();
});

const removeMember = onGroup((group, { tenant, ids, world }) => {
  const memberId = ids[1] ?? '';
  if (tenant.members.get(String(group['id']))?.delete(memberId) !== true) return notFound(memberId);
  world.audit('group.remove-member', memberId);
  return empty();
});

/** The trap of the vendor: without /$ref the member itself is deleted [doc]. */
const deleteThroughGroup = onGroup((_group, { tenant, ids, world }) => {
  const id = ids[1] ?? '';
  const entry = tenant.users.get(id);
  if (entry === undefined) return notFound(id);
  tenant.users.delete(id);
  tenant.deleted.set(id, entry);
  world.audit('user.delete', id);
  return empty();
});

function onDeleted(handle: (entry: Entry, call: TenantCall) => SimulatorResponse): Route['handle'] {
  return (call) => {
    const entry = call.tenant.deleted.get(call.ids[0] ?? '');
    return entry === undefined ? notFound(call.ids[0]) : handle(entry, call);
  };
}

const listDeleted: Route['handle'] = (call) =>
  pageOf(
    [...call.tenant.deleted.values()].filter((entry) => entry['@odata.type'] === `#${call.ids[0]}`),
    call,
  );

const restore = onDeleted((entry, { tenant, world }) => {
  const id = String(entry['id']);
  const { deletedDateTime: _, ...restored } = entry;
  const home = entry['@odata.type'] === '#microsoft.graph.user' ? tenant.users : tenant.servicePrincipals;
  home.set(id, restored);
  tenant.deleted.delete(id);
  world.audit('deleted-item.restore', id);
  return ok(restored);
});

const purge = onDeleted((entry, { tenant, world }) => {
  tenant.deleted.delete(String(entry['id']));
  world.audit('deleted-item.purge', String(entry['id']));
  return empty();
});

const readObject: Route['handle'] = ({ tenant, ids }) => {
  const entry = findObject(tenant, ids[0] ?? '');
  return entry === undefined ? notFound(ids[0]) : ok(entry);
};

export const directoryRoutes: readonly Route[] = [
  { method: 'GET', path: '/groups', handle: (call) => pageOf(call.tenant.groups.values(), call) },
  { method: 'POST', path: '/groups', handle: createGroup },
  { method: 'GET', path: '/groups/{}', handle: onGroup((group, { query }) => ok(selected(group, query))) },
  { method: 'DELETE', path: '/groups/{}', handle: deleteGroup },
  { method: 'GET', path: '/groups/{}/members', handle: listMembers },
  { method: 'POST', path: '/groups/{}/members/$ref', handle: addMember },
  { method: 'DELETE', path: '/groups/{}/members/{}/$ref', handle: removeMember },
  { method: 'DELETE', path: '/groups/{}/members/{}', handle: deleteThroughGroup },
  {
    method: 'GET',
    path: '/directory/deletedItems/{}',
    handle: (call) =>
      call.ids[0]?.startsWith('microsoft.graph.') === true ? listDeleted(call) : onDeleted((entry) => ok(entry))(call),
  },
  { method: 'DELETE', path: '/directory/deletedItems/{}', handle: purge },
  { method: 'POST', path: '/directory/deletedItems/{}/restore', handle: restore },
  { method: 'GET', path: '/directoryObjects/{}', handle: readObject },
];
