import { z } from 'zod';
import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import { matcherOf } from './matches.ts';
import { happened, newId, nowOf, type Route, type SimulatedCall, type SimulatedGroup } from './org.ts';
import { empty, ok, pageOf, refuse } from './replies.ts';
import { groupView, userView } from './views.ts';

type GroupHandler = (group: SimulatedGroup, call: SimulatedCall) => SimulatorResponse;

export function onGroup(handle: GroupHandler): Route['handle'] {
  return (call) => {
    const group = call.org.groups.get(call.ids[0] ?? '');
    return group === undefined
      ? refuse('E0000007', `Resource not found: ${call.ids[0]} (UserGroup)`)
      : handle(group, call);
  };
}

function list(call: SimulatedCall): SimulatorResponse {
  const { query } = call.request;
  const views = [...call.org.groups.values()];
  const q = query.get('q');
  if (q !== null)
    return ok(views.filter(({ profile }) => profile.name.toLowerCase().startsWith(q.toLowerCase())).map(groupView));
  const search = query.get('search') ?? query.get('filter');
  const matches = search === null ? () => true : matcherOf(search);
  return matches === undefined ? refuse('E0000031', search ?? '') : pageOf(views.map(groupView).filter(matches), call);
}

const creation = z.object({ profile: z.object({ name: z.string().min(1), description: z.string().default('') }) });

function create(call: SimulatedCall): SimulatorResponse {
  const body = creation.safeParse(call.request.body);
  if (!body.success) return refuse('E0000001', 'name: The field cannot be left blank');
  const { profile } = body.data;
  const taken = [...call.org.groups.values()].some((group) => group.profile.name === profile.name);
  if (taken) return refuse('E0000001', 'name: An object with this field already exists in the current organization');
  const id = newId(call.world, '00g');
  const group: SimulatedGroup = { id, type: 'OKTA_GROUP', profile, members: new Set(), created: nowOf(call.world) };
  call.org.groups.set(id, group);
  happened(call, { effect: 'group.create', eventType: 'group.lifecycle.create', target: targetOf(group) });
  return ok(groupView(group));
}

function targetOf(group: SimulatedGroup): { readonly id: string; readonly type: string } {
  return { id: group.id, type: 'UserGroup' };
}

const remove = onGroup((group, call) => {
  if (group.type === 'BUILT_IN') return refuse('E0000060');
  call.org.groups.delete(group.id);
  for (const [id, role] of call.org.roles) if (role.holder === group.id) call.org.roles.delete(id);
  happened(call, { effect: 'group.delete', eventType: 'group.lifecycle.delete', target: targetOf(group) });
  return empty();
});

const listMembers = onGroup((group, call) => {
  const members = [...group.members].map((id) => call.org.users.get(id)).filter((user) => user !== undefined);
  return pageOf(members.map(userView), call);
});

/** Adds or removes; a repetition answers 204 as well and changes nothing, so nothing is recorded. */
function membership(verb: 'add-member' | 'remove-member'): Route['handle'] {
  return onGroup((group, call) => {
    const user = call.org.users.get(call.ids[1] ?? '');
    if (user === undefined) return refuse('E0000007', `Resource not found: ${call.ids[1]} (User)`);
    if (group.type !== 'OKTA_GROUP') return refuse('E0000060');
    const changes = group.members.has(user.id) === (verb === 'remove-member');
    if (!changes) return empty();
    if (verb === 'add-member') group.members.add(user.id);
    else group.members.delete(user.id);
    const eventType = verb === 'add-member' ? 'group.user_membership.add' : 'group.user_membership.remove';
    happened(call, { effect: `group.${verb}`, eventType, target: { id: `${group.id}/${user.id}`, type: 'UserGroup' } });
    return empty();
  });
}

export const groupRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v1/groups', handle: list },
  { method: 'POST', path: '/api/v1/groups', handle: create },
  { method: 'GET', path: '/api/v1/groups/{groupId}', handle: onGroup((group) => ok(groupView(group))) },
  { method: 'DELETE', path: '/api/v1/groups/{groupId}', handle: remove },
  { method: 'GET', path: '/api/v1/groups/{groupId}/users', handle: listMembers },
  { method: 'PUT', path: '/api/v1/groups/{groupId}/users/{userId}', handle: membership('add-member') },
  { method: 'DELETE', path: '/api/v1/groups/{groupId}/users/{userId}', handle: membership('remove-member') },
];
