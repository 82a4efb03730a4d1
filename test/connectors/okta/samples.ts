import { SEED } from '../../../connectors/okta/simulator/seed.ts';
import type { JsonObject } from '../../../src/lib/json.ts';

const { users, groups, roles, apps, policies, apiTokens } = SEED;

export const NEW_USER = {
  login: 'mary@example.com',
  email: 'mary@example.com',
  firstName: 'Mary',
  lastName: 'Jackson',
};

interface Sample {
  readonly operation: string;
  readonly input: JsonObject;
  /** What the seeded org's audit log shows afterwards; empty for reads. */
  readonly effects: readonly string[];
}

/** One call of each operation that a fresh simulated org grants. */
export const SAMPLES: readonly Sample[] = [
  { operation: 'okta.user.get', input: { userId: users.ada }, effects: [] },
  { operation: 'okta.user.list', input: { search: 'profile.department eq "Finance"' }, effects: [] },
  { operation: 'okta.user.list-groups', input: { userId: users.ada }, effects: [] },
  { operation: 'okta.user.list-roles', input: { userId: users.grace }, effects: [] },
  { operation: 'okta.user.create', input: { profile: NEW_USER, groupIds: [groups.finance] }, effects: ['user.create'] },
  {
    operation: 'okta.user.update-profile',
    input: { userId: users.ada, profile: { title: 'Countess' }, clear: ['department'] },
    effects: ['user.update-profile'],
  },
  { operation: 'okta.user.activate', input: { userId: users.radia, sendEmail: false }, effects: ['user.activate'] },
  { operation: 'okta.user.deactivate', input: { userId: users.ada }, effects: ['user.deactivate'] },
  { operation: 'okta.user.suspend', input: { userId: users.ada }, effects: ['user.suspend'] },
  { operation: 'okta.user.unsuspend', input: { userId: users.edsger }, effects: ['user.unsuspend'] },
  {
    operation: 'okta.user.delete',
    input: { userId: users.barbara, expectedStatus: 'DEPROVISIONED' },
    effects: ['user.delete'],
  },
  { operation: 'okta.user.reset-factors', input: { userId: users.ada }, effects: ['user.reset-factors'] },
  {
    operation: 'okta.user.reset-password',
    input: { userId: users.ada, sendEmail: false, revokeSessions: true },
    effects: ['user.reset-password'],
  },
  { operation: 'okta.user.expire-password', input: { userId: users.ada }, effects: ['user.expire-password'] },
  {
    operation: 'okta.user.clear-sessions',
    input: { userId: users.ada, oauthTokens: true },
    effects: ['user.clear-sessions'],
  },
  { operation: 'okta.role.assign', input: { userId: users.ada, type: 'SUPER_ADMIN' }, effects: ['role.assign'] },
  {
    operation: 'okta.role.unassign',
    input: { userId: users.grace, roleAssignmentId: roles.readOnly },
    effects: ['role.unassign'],
  },
  { operation: 'okta.group.get', input: { groupId: groups.finance }, effects: [] },
  { operation: 'okta.group.list', input: {}, effects: [] },
  { operation: 'okta.group.list-members', input: { groupId: groups.engineering }, effects: [] },
  { operation: 'okta.group.list-roles', input: { groupId: groups.admins }, effects: [] },
  {
    operation: 'okta.group.create',
    input: { name: 'Contractors', description: 'From outside' },
    effects: ['group.create'],
  },
  { operation: 'okta.group.delete', input: { groupId: groups.finance }, effects: ['group.delete'] },
  {
    operation: 'okta.group.add-member',
    input: { groupId: groups.admins, userId: users.ada },
    effects: ['group.add-member'],
  },
  {
    operation: 'okta.group.remove-member',
    input: { groupId: groups.finance, userId: users.alan },
    effects: ['group.remove-member'],
  },
  {
    operation: 'okta.group.assign-role',
    input: { groupId: groups.finance, type: 'READ_ONLY_ADMIN' },
    effects: ['group.assign-role'],
  },
  {
    operation: 'okta.group.unassign-role',
    input: { groupId: groups.admins, roleAssignmentId: roles.helpDesk },
    effects: ['group.unassign-role'],
  },
  { operation: 'okta.app.deactivate', input: { appId: apps.payroll }, effects: ['app.deactivate'] },
  { operation: 'okta.app.delete', input: { appId: apps.wiki }, effects: ['app.delete'] },
  { operation: 'okta.policy.delete', input: { policyId: policies.signOn }, effects: ['policy.delete'] },
  { operation: 'okta.api-token.revoke', input: { apiTokenId: apiTokens.integration }, effects: ['api-token.revoke'] },
  { operation: 'okta.system-log.search', input: { filter: 'eventType sw "user.lifecycle"' }, effects: [] },
];
