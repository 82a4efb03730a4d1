import { z } from 'zod';
import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import { onGroup } from './groups.ts';
import { happened, newId, type Route, type SimulatedCall, type SimulatedRole } from './org.ts';
import { empty, ok, refuse } from './replies.ts';
import { onUser } from './users.ts';
import { roleView } from './views.ts';

/** [spec] RoleType. */
const TYPES: ReadonlySet<string> = new Set([
  'ACCESS_CERTIFICATIONS_ADMIN',
  'ACCESS_REQUESTS_ADMIN',
  'API_ACCESS_MANAGEMENT_ADMIN',
  'APP_ADMIN',
  'CUSTOM',
  'GROUP_MEMBERSHIP_ADMIN',
  'HELP_DESK_ADMIN',
  'ORG_ADMIN',
  'READ_ONLY_ADMIN',
  'REPORT_ADMIN',
  'SUPER_ADMIN',
  'USER_ADMIN',
  'WORKFLOWS_ADMIN',
]);

const grant = z.union([
  z.strictObject({ type: z.literal('CUSTOM'), role: z.string(), 'resource-set': z.string() }),
  z.strictObject({ type: z.string().refine((type) => type !== 'CUSTOM' && TYPES.has(type)) }),
]);

interface Holder {
  readonly id: string;
  readonly kind: 'user' | 'group';
}

function held(holder: Holder, { org }: SimulatedCall): readonly SimulatedRole[] {
  return [...org.roles.values()].filter((role) => role.holder === holder.id);
}

function assign(holder: Holder, call: SimulatedCall): SimulatorResponse {
  const body = grant.safeParse(call.request.body);
  if (!body.success) return refuse('E0000001', 'type: not a role type');
  const wanted = JSON.stringify(body.data);
  if (held(holder, call).some((role) => JSON.stringify(role.grant) === wanted)) return refuse('E0000090');
  const id = newId(call.world, holder.kind === 'user' ? 'ra1' : 'gra');
  const role: SimulatedRole = {
    id,
    holder: holder.id,
    assignmentType: holder.kind === 'user' ? 'USER' : 'GROUP',
    grant: body.data,
  };
  call.org.roles.set(id, role);
  const effect = holder.kind === 'user' ? 'role.assign' : 'group.assign-role';
  happened(call, {
    effect,
    eventType: `${holder.kind}.account.privilege.grant`,
    target: { id: `${holder.id}/${body.data.type}`, type: 'ROLE' },
  });
  return { status: holder.kind === 'user' ? 201 : 200, body: roleView(role) };
}

function one(holder: Holder, call: SimulatedCall): SimulatedRole | undefined {
  return held(holder, call).find(({ id }) => id === call.ids[1]);
}

function read(holder: Holder, call: SimulatedCall): SimulatorResponse {
  const role = one(holder, call);
  return role === undefined
    ? refuse('E0000007', `Resource not found: ${call.ids[1]} (RoleAssignment)`)
    : ok(roleView(role));
}

function unassign(holder: Holder, call: SimulatedCall): SimulatorResponse {
  const role = one(holder, call);
  if (role === undefined) return refuse('E0000007', `Resource not found: ${call.ids[1]} (RoleAssignment)`);
  call.org.roles.delete(role.id);
  const effect = holder.kind === 'user' ? 'role.unassign' : 'group.unassign-role';
  happened(call, {
    effect,
    eventType: `${holder.kind}.account.privilege.revoke`,
    target: { id: `${holder.id}/${role.grant['type']}`, type: 'ROLE' },
  });
  return empty();
}

const list = (holder: Holder, call: SimulatedCall) => ok(held(holder, call).map(roleView));

type HolderHandler = (holder: Holder, call: SimulatedCall) => SimulatorResponse;
const ofUser = (handle: HolderHandler) => onUser(({ id }, call) => handle({ id, kind: 'user' }, call));
const ofGroup = (handle: HolderHandler) => onGroup(({ id }, call) => handle({ id, kind: 'group' }, call));
const assignToGroup: Route['handle'] = onGroup(({ id, type }, call) =>
  type === 'BUILT_IN' ? refuse('E0000211') : assign({ id, kind: 'group' }, call),
);

export const roleRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v1/users/{userId}/roles', handle: ofUser(list) },
  { method: 'POST', path: '/api/v1/users/{userId}/roles', handle: ofUser(assign) },
  { method: 'GET', path: '/api/v1/users/{userId}/roles/{roleAssignmentId}', handle: ofUser(read) },
  { method: 'DELETE', path: '/api/v1/users/{userId}/roles/{roleAssignmentId}', handle: ofUser(unassign) },
  { method: 'GET', path: '/api/v1/groups/{groupId}/roles', handle: ofGroup(list) },
  { method: 'POST', path: '/api/v1/groups/{groupId}/roles', handle: assignToGroup },
  { method: 'GET', path: '/api/v1/groups/{groupId}/roles/{roleAssignmentId}', handle: ofGroup(read) },
  { method: 'DELETE', path: '/api/v1/groups/{groupId}/roles/{roleAssignmentId}', handle: ofGroup(unassign) },
];
