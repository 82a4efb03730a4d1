import type { Effect } from '../../src/action/effect.ts';
import {
  CONFORMANCE_NOW_MS,
  type ConformanceFixtures,
  type ConformanceSample,
  type Judge,
} from '../../src/connector/conformance/fixtures.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { ADMIN_GROUP, WHOLE_ORG } from './effects.ts';
import { SEED } from './simulator/seed.ts';

const { users, groups, roles, apps, policies, apiTokens } = SEED;

export const NEW_USER = {
  login: 'mary@example.com',
  email: 'mary@example.com',
  firstName: 'Mary',
  lastName: 'Jackson',
};

/** One call of each operation that a fresh simulated org grants. */
const SAMPLES: readonly ConformanceSample[] = [
  { operation: 'okta.user.get', input: { userId: users.ada }, effects: [] },
  { operation: 'okta.user.list', input: { search: 'profile.department eq "Finance"' }, effects: [] },
  { operation: 'okta.user.list-groups', input: { userId: users.ada }, effects: [] },
  { operation: 'okta.user.list-roles', input: { userId: users.grace }, effects: [] },
  {
    operation: 'okta.user.create',
    input: { profile: NEW_USER, groupIds: [groups.finance] },
    effects: ['user.create'],
    when: 'with groups',
  },
  {
    operation: 'okta.user.update-profile',
    input: { userId: users.ada, profile: { title: 'Countess' }, clear: ['department'] },
    effects: ['user.update-profile'],
    when: 'a field of the position',
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
  {
    operation: 'okta.role.assign',
    input: { userId: users.ada, type: 'SUPER_ADMIN' },
    effects: ['role.assign'],
    when: 'a role over the whole org',
  },
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

const userId = users.ada;
const groupId = groups.finance;

/** Kind, reversible, then what is true of it, then the count where it is not 1. */
type Expected = readonly [Effect['kind'], Effect['reversible'], string, number?];

const EFFECTS: readonly (readonly [operation: string, input: JsonObject, expected: Expected, when?: string])[] = [
  ['okta.user.create', { profile: NEW_USER }, ['create', 'operation', '']],
  ['okta.user.create', { profile: NEW_USER, activate: true }, ['create', 'no', 'external privileged'], 'activated'],
  [
    'okta.user.create',
    { profile: NEW_USER, groupIds: [groupId] },
    ['privilege', 'operation', 'privileged', 2],
    'with groups',
  ],
  [
    'okta.user.create',
    { profile: NEW_USER, groupIds: [groupId, groups.admins], activate: true },
    ['privilege', 'no', 'external privileged', 3],
    'activated, with groups',
  ],
  ['okta.user.update-profile', { userId, profile: { nickName: 'Countess' } }, ['update', 'operation', '']],
  [
    'okta.user.update-profile',
    { userId, profile: { department: 'Finance' } },
    ['update', 'operation', 'privileged'],
    'a field of the position',
  ],
  [
    'okta.user.update-profile',
    { userId, clear: ['department'] },
    ['update', 'operation', 'privileged'],
    'a field of the position',
  ],
  [
    'okta.user.update-profile',
    { userId, profile: { email: 'eve@elsewhere.example' } },
    ['privilege', 'operation', 'external privileged'],
    'login, an e-mail address or the mobile phone',
  ],
  [
    'okta.user.update-profile',
    { userId, profile: { login: 'eve@example.com', nickName: 'Eve' } },
    ['privilege', 'operation', 'external privileged'],
    'login, an e-mail address or the mobile phone',
  ],
  [
    'okta.user.update-profile',
    { userId, clear: ['secondEmail'] },
    ['privilege', 'operation', 'external privileged'],
    'login, an e-mail address or the mobile phone',
  ],
  [
    'okta.user.update-profile',
    { userId, profile: { mobilePhone: '+1 555 0100' } },
    ['privilege', 'operation', 'external privileged'],
    'login, an e-mail address or the mobile phone',
  ],
  ['okta.user.activate', { userId }, ['privilege', 'no', 'external privileged'], 'with an e-mail'],
  ['okta.user.activate', { userId, sendEmail: false }, ['privilege', 'no', 'privileged']],
  ['okta.user.deactivate', { userId }, ['delete', 'no', 'privileged']],
  ['okta.user.deactivate', { userId, sendEmail: true }, ['delete', 'no', 'privileged']],
  ['okta.user.suspend', { userId }, ['isolate', 'operation', 'privileged']],
  ['okta.user.unsuspend', { userId }, ['privilege', 'operation', 'privileged']],
  ['okta.user.delete', { userId, expectedStatus: 'DEPROVISIONED' }, ['delete', 'no', 'privileged']],
  ['okta.user.reset-factors', { userId }, ['privilege', 'no', 'privileged']],
  [
    'okta.user.reset-password',
    { userId, sendEmail: true },
    ['privilege', 'no', 'external privileged'],
    'with an e-mail',
  ],
  ['okta.user.reset-password', { userId, sendEmail: false }, ['privilege', 'no', 'privileged']],
  ['okta.user.expire-password', { userId }, ['privilege', 'no', 'privileged']],
  ['okta.user.clear-sessions', { userId }, ['isolate', 'no', 'privileged']],
  ['okta.role.assign', { userId, type: 'READ_ONLY_ADMIN' }, ['privilege', 'operation', 'privileged']],
  ['okta.role.assign', { userId, type: 'HELP_DESK_ADMIN' }, ['privilege', 'operation', 'privileged']],
  [
    'okta.role.assign',
    { userId, type: 'HELP_DESK_ADMIN', thirdPartyAdmin: true },
    ['privilege', 'operation', 'external privileged'],
    'a third-party administrator',
  ],
  ['okta.role.assign', { userId, type: 'SUPER_ADMIN' }, ['privilege', 'no', 'privileged'], 'a role over the whole org'],
  [
    'okta.role.assign',
    { userId, type: 'CUSTOM', role: roles.helpDesk, resourceSet: roles.readOnly },
    ['privilege', 'no', 'external privileged'],
  ],
  [
    'okta.role.assign',
    { userId, type: 'BRAND_NEW_ADMIN' },
    ['privilege', 'no', 'external privileged'],
    'a custom or unknown role',
  ],
  ['okta.role.unassign', { userId, roleAssignmentId: roles.readOnly }, ['privilege', 'no', 'privileged']],
  ['okta.group.create', { name: 'Contractors' }, ['create', 'operation', '']],
  ['okta.group.delete', { groupId }, ['delete', 'no', 'privileged', WHOLE_ORG]],
  ['okta.group.add-member', { groupId, userId }, ['privilege', 'operation', 'privileged']],
  ['okta.group.remove-member', { groupId, userId }, ['privilege', 'operation', 'privileged']],
  [
    'okta.group.assign-role',
    { groupId, type: 'READ_ONLY_ADMIN' },
    ['privilege', 'operation', 'privileged', ADMIN_GROUP],
  ],
  [
    'okta.group.assign-role',
    { groupId, type: 'ORG_ADMIN' },
    ['privilege', 'no', 'privileged', ADMIN_GROUP],
    'a role over the whole org',
  ],
  [
    'okta.group.unassign-role',
    { groupId, roleAssignmentId: roles.helpDesk },
    ['privilege', 'no', 'privileged', ADMIN_GROUP],
  ],
  ['okta.app.deactivate', { appId: apps.payroll }, ['isolate', 'no', 'privileged', WHOLE_ORG]],
  ['okta.app.delete', { appId: apps.payroll }, ['delete', 'no', 'privileged', WHOLE_ORG]],
  ['okta.policy.delete', { policyId: policies.signOn }, ['delete', 'no', 'privileged', WHOLE_ORG]],
  ['okta.api-token.revoke', { apiTokenId: apiTokens.integration }, ['delete', 'no', 'privileged']],
];

/** Those that test/judges compares with Okta's own SDK. */
const BY_SDK = [
  'api-token.revoke',
  'app.deactivate',
  'app.delete',
  'group.add-member',
  'group.delete',
  'group.get',
  'group.remove-member',
  'policy.delete',
  'role.assign',
  'role.unassign',
  'user.clear-sessions',
  'user.get',
  'user.list-groups',
  'user.reset-factors',
  'user.suspend',
  'user.unsuspend',
] as const;
const BOTH: readonly Judge[] = ['description', 'sdk'];

export default {
  samples: SAMPLES,
  rateLimits: [
    {
      status: 429,
      // Okta has no Retry-After: the window ends at a time in seconds since 1970, and the SDK adds one [doc, sdk].
      headers: {
        'x-rate-limit-limit': '600',
        'x-rate-limit-remaining': '0',
        'x-rate-limit-reset': String(CONFORMANCE_NOW_MS / 1_000 + 7),
      },
      body: { errorCode: 'E0000047', errorSummary: 'API call exceeded rate limit due to too many requests.' },
      dialect: 'epoch',
      waitsMs: 8_000,
    },
    { status: 429, headers: {}, dialect: 'none', waitsMs: undefined },
  ],
  effectCases: EFFECTS.map(([operation, input, [kind, reversible, marks, count = 1], when]) => ({
    operation,
    input,
    effect: {
      kind,
      reversible,
      external: marks.includes('external'),
      privileged: marks.includes('privileged'),
      count,
    },
    when,
  })),
  paging: [{ operation: 'okta.user.list', input: { limit: 2 } }],
  state: {
    reads: [
      ...Object.values(users).flatMap((each) =>
        ['okta.user.get', 'okta.user.list-roles', 'okta.user.list-groups'].map((operation) => ({
          operation,
          input: { userId: each },
        })),
      ),
      { operation: 'okta.group.list', input: {} },
      { operation: 'okta.group.list-roles', input: { groupId } },
    ],
    ignore: ['lastUpdated', 'statusChanged', 'lastLogin', 'created', 'lastMembershipUpdated', 'id'],
  },
  facts: [
    { name: 'userStatus', subject: { type: 'user', id: users.ada }, value: 'ACTIVE' },
    { name: 'userStatus', subject: { type: 'user', id: 'nobody@example.com' }, value: undefined },
    { name: 'userFactors', subject: { type: 'user', id: users.ada }, value: ['push'] },
    { name: 'userRisk', subject: { type: 'user', id: users.ada }, value: 'NONE' },
    { name: 'userRoles', subject: { type: 'user', id: users.grace }, value: ['READ_ONLY_ADMIN'] },
  ],
  judgedBy: { '*': 'description', ...Object.fromEntries(BY_SDK.map((name) => [`okta.${name}`, BOTH])) },
} satisfies ConformanceFixtures;
