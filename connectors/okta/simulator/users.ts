import { z } from 'zod';
import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import type { Json, JsonObject } from '../../../src/lib/json.ts';
import { matcherOf } from './matches.ts';
import { happened, newId, nowOf, type Route, type SimulatedCall, type SimulatedUser } from './org.ts';
import { empty, ok, pageOf, refuse } from './replies.ts';
import { groupView, userView } from './views.ts';

type UserHandler = (user: SimulatedUser, call: SimulatedCall) => SimulatorResponse;

/** Finds the user by id or login, as Okta does. */
export function onUser(handle: UserHandler): Route['handle'] {
  return (call) => {
    const key = call.ids[0] ?? '';
    const user =
      call.org.users.get(key) ?? [...call.org.users.values()].find(({ profile }) => profile['login'] === key);
    return user === undefined ? refuse('E0000007', `Resource not found: ${key} (User)`) : handle(user, call);
  };
}

const read = onUser((user) => {
  finishTransition(user);
  return ok(userView(user), { etag: `W/"${user.version}"` });
});

function finishTransition(user: SimulatedUser): void {
  if (user.transition === undefined) return;
  if (user.transition.readsLeft-- > 0) return;
  user.status = user.transition.to;
  user.transition = undefined;
}

function list(call: SimulatedCall): SimulatorResponse {
  const { query } = call.request;
  const [search, filter] = [query.get('search'), query.get('filter')];
  if (search !== null && filter !== null) return refuse('E0000033');
  const matches = matcherOf(search ?? filter ?? '');
  if (search === null && filter === null)
    return pageOf(
      views(call).filter(({ status }) => status !== 'DEPROVISIONED'),
      call,
    );
  return matches === undefined ? refuse('E0000031', search ?? filter ?? '') : pageOf(views(call).filter(matches), call);
}

function views({ org }: SimulatedCall): readonly JsonObject[] {
  return [...org.users.values()].map(userView);
}

const profile = z.record(z.string(), z.json());
const creation = z.object({
  profile,
  groupIds: z.array(z.string()).default([]),
  credentials: z.object({ password: z.json() }).optional(),
});

function create(call: SimulatedCall): SimulatorResponse {
  const { org, request, world } = call;
  const body = creation.safeParse(request.body);
  if (!body.success) return refuse('E0000003');
  const missing = ['login', 'email', 'firstName', 'lastName'].find(
    (field) => typeof body.data.profile[field] !== 'string',
  );
  if (missing !== undefined) return refuse('E0000001', `${missing}: The field cannot be left blank`);
  const taken = [...org.users.values()].some((user) => user.profile['login'] === body.data.profile['login']);
  if (taken) return refuse('E0000001', 'login: An object with this field already exists in the current organization');
  const groups = body.data.groupIds.map((id) => org.groups.get(id));
  if (groups.some((group) => group === undefined))
    return refuse('E0000007', 'Resource not found: groupIds (UserGroup)');
  const active = request.query.get('activate') !== 'false';
  const hasPassword = body.data.credentials !== undefined;
  const at = nowOf(world);
  const user: SimulatedUser = {
    id: newId(world, '00u'),
    status: 'STAGED',
    transition: undefined,
    profile: body.data.profile as Readonly<Record<string, Json>>, // z.json() is Json with mutable arrays
    hasPassword,
    factors: [],
    sessions: 0,
    created: at,
    lastUpdated: at,
    statusChanged: at,
    version: 1,
  };
  org.users.set(user.id, user);
  for (const group of groups) group?.members.add(user.id);
  happened(call, { effect: 'user.create', eventType: 'user.lifecycle.create', target: targetOf(user) });
  if (active) begin(user, { call, to: hasPassword ? 'ACTIVE' : 'PROVISIONED', verb: 'activate' });
  return ok(userView(user));
}

interface Transition {
  readonly call: SimulatedCall;
  readonly to: SimulatedUser['status'];
  /** As in `user.<verb>` and `user.lifecycle.<verb>`. */
  readonly verb: string;
}

/** Moves a user to another status, or on the way to it. */
export function begin(user: SimulatedUser, { call, to, verb }: Transition): void {
  const at = nowOf(call.world);
  user.statusChanged = at;
  user.lastUpdated = at;
  user.version++;
  if (call.org.transitionReads > 0 && ['activate', 'deactivate'].includes(verb)) {
    user.transition = { to, readsLeft: call.org.transitionReads };
  } else user.status = to;
  if (to !== 'ACTIVE') user.sessions = 0;
  happened(call, { effect: `user.${verb}`, eventType: `user.lifecycle.${verb}`, target: targetOf(user) });
}

export function targetOf(user: SimulatedUser): { readonly id: string; readonly type: string } {
  return { id: user.id, type: 'User' };
}

const update = onUser((user, call) => {
  const body = z.object({ profile: profile.default({}) }).safeParse(call.request.body);
  if (!body.success) return refuse('E0000003');
  // A deactivated user cannot be updated [3rd: okta-sdk-java issue 721].
  if (user.status === 'DEPROVISIONED') return refuse('E0000007', `Resource not found: ${user.id} (User)`);
  const expected = call.request.headers['if-match'];
  if (expected !== undefined && expected !== `W/"${user.version}"`) return refuse('E0000231');
  user.profile = { ...user.profile, ...(body.data.profile as Readonly<Record<string, Json>>) };
  user.version++;
  user.lastUpdated = nowOf(call.world);
  happened(call, { effect: 'user.update-profile', eventType: 'user.account.update_profile', target: targetOf(user) });
  return ok(userView(user));
});

/** The first one deactivates, the next one deletes [spec]. */
const remove = onUser((user, call) => {
  if (user.status !== 'DEPROVISIONED') {
    begin(user, { call, to: 'DEPROVISIONED', verb: 'deactivate' });
    return empty();
  }
  call.org.users.delete(user.id);
  for (const group of call.org.groups.values()) group.members.delete(user.id);
  for (const [id, role] of call.org.roles) if (role.holder === user.id) call.org.roles.delete(id);
  happened(call, { effect: 'user.delete', eventType: 'user.lifecycle.delete.completed', target: targetOf(user) });
  return empty();
});

const listGroups = onUser((user, call) =>
  ok([...call.org.groups.values()].filter(({ members }) => members.has(user.id)).map(groupView)),
);

export const userRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v1/users', handle: list },
  { method: 'POST', path: '/api/v1/users', handle: create },
  { method: 'GET', path: '/api/v1/users/{id}', handle: read },
  { method: 'POST', path: '/api/v1/users/{id}', handle: update },
  { method: 'DELETE', path: '/api/v1/users/{id}', handle: remove },
  { method: 'GET', path: '/api/v1/users/{id}/groups', handle: listGroups },
];
