import type { Effect } from '../../src/action/effect.ts';
import type { ConformanceFixtures, ConformanceSample } from '../../src/connector/conformance/fixtures.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { WHOLE_TENANT } from './effects.ts';
import { SEED } from './simulator/seed.ts';

const { users, groups, applications, servicePrincipals, policies, keys, deleted, skus, appRoles, roles } = SEED;

const userId = users.ada;
const groupId = groups.finance;
const applicationId = applications.payroll;
const servicePrincipalId = servicePrincipals.payroll;
const policyId = policies.mfa;

const read = (operation: string, input: JsonObject): ConformanceSample => ({ operation, input, effects: [] });
const write = (operation: string, input: JsonObject, when?: string): ConformanceSample => ({
  operation,
  input,
  effects: [operation.slice('entra.'.length)],
  when,
});

const NEW_USER = { displayName: 'Mary Jackson', userPrincipalName: 'mary@contoso.example', mailNickname: 'mary' };
const MAIL = { userId, to: ['grace@contoso.example'], subject: 'Lunch', body: 'At twelve?' };
const GRANT = {
  clientId: servicePrincipals.payroll,
  resourceId: servicePrincipals.graph,
  scope: 'Mail.Read',
  consentType: 'Principal',
  principalId: users.ada,
};
const PASSWORD = { applicationId, displayName: 'for the import', endDateTime: '2026-03-01T00:00:00Z' };
export const BATCH = {
  requests: [
    { id: '1', method: 'PATCH', url: `/users/${users.ada}`, body: { accountEnabled: false } },
    { id: '2', method: 'POST', url: `/users/${users.ada}/revokeSignInSessions` },
    { id: '3', method: 'DELETE', url: `/groups/${groups.finance}/members/${users.alan}/$ref` },
  ],
};

/** One call of each operation that a fresh simulated tenant grants. */
const SAMPLES: readonly ConformanceSample[] = [
  read('entra.user.get', { userId }),
  read('entra.user.list', { where: [{ field: 'displayName', is: 'startswith', value: 'Ada' }], limit: 3 }),
  read('entra.user.list-memberships', { userId: users.alan, limit: 5 }),
  write('entra.user.create', { ...NEW_USER, accountEnabled: true }),
  write('entra.user.update', { userId, jobTitle: 'Countess', department: null }, 'a field that rights can hang on'),
  write('entra.user.update', { userId, accountEnabled: false }, 'disabled'),
  write('entra.user.delete', { userId }),
  write('entra.user.revoke-sessions', { userId }),
  write('entra.user.reset-password', { userId }),
  write('entra.user.assign-license', { userId, add: [skus.premium] }),
  write('entra.user.assign-license', { userId, remove: [skus.basic] }, 'taken away'),
  read('entra.deleted-item.list', { kind: 'user', limit: 5 }),
  write('entra.deleted-item.restore', { objectId: deleted.mallory }),
  write('entra.deleted-item.purge', { objectId: deleted.mallory }),
  read('entra.group.get', { groupId }),
  read('entra.group.list', { where: [{ field: 'displayName', is: 'eq', value: 'Finance' }], limit: 5 }),
  read('entra.group.list-members', { groupId, limit: 5 }),
  write('entra.group.create', { displayName: 'Auditors', mailNickname: 'auditors', description: 'From outside' }),
  write('entra.group.delete', { groupId }),
  write('entra.group.add-member', { groupId, memberId: users.ada }),
  write('entra.group.remove-member', { groupId, memberId: users.alan }),
  read('entra.role-assignment.list', { principalId: users.grace, limit: 5 }),
  write('entra.role-assignment.create', { principalId: users.ada, roleDefinitionId: roles.globalAdministrator }),
  write('entra.role-assignment.delete', { roleAssignmentId: SEED.roleAssignments.grace }),
  read('entra.permission-grant.list', { clientId: servicePrincipals.payroll, limit: 5 }),
  write('entra.permission-grant.create', GRANT),
  write('entra.permission-grant.delete', { grantId: SEED.grants.payroll }),
  read('entra.app-role.list', { servicePrincipalId, limit: 5 }),
  write('entra.app-role.assign', {
    servicePrincipalId,
    resourceId: servicePrincipals.graph,
    appRoleId: appRoles.readAllMail,
  }),
  write('entra.app-role.unassign', { servicePrincipalId, assignmentId: SEED.appRoleAssignments.payroll }),
  read('entra.application.get', { applicationId }),
  write('entra.application.add-password', PASSWORD),
  write('entra.application.remove-password', { applicationId, keyId: keys.old }),
  write('entra.service-principal.delete', { servicePrincipalId }),
  write('entra.invitation.create', { emailAddress: 'eve@fabrikam.example' }),
  read('entra.conditional-access.list', { limit: 5 }),
  write('entra.conditional-access.update', { policyId, state: 'disabled' }, 'off'),
  write('entra.conditional-access.delete', { policyId }),
  write('entra.mail.send', MAIL),
  read('entra.risky-user.list', { riskState: 'atRisk', limit: 5 }),
  write('entra.risky-user.dismiss', { userIds: [users.katherine] }),
  write('entra.risky-user.confirm-compromised', { userIds: [users.katherine] }),
  {
    operation: 'entra.batch.execute',
    input: BATCH,
    effects: ['user.update', 'user.revoke-sessions', 'group.remove-member'],
  },
];

/** Kind, reversible, then what is true of it, then the count where it is not 1. */
type Expected = readonly [Effect['kind'], Effect['reversible'], string, number?];

const EFFECTS: readonly (readonly [operation: string, input: JsonObject, expected: Expected, when?: string])[] = [
  ['entra.user.create', NEW_USER, ['create', 'operation', '']],
  ['entra.user.create', { ...NEW_USER, accountEnabled: true }, ['create', 'operation', 'privileged'], 'enabled'],
  ['entra.user.update', { userId, surname: 'King' }, ['update', 'operation', '']],
  [
    'entra.user.update',
    { userId, department: 'Finance' },
    ['update', 'operation', 'privileged'],
    'a field that rights can hang on',
  ],
  [
    'entra.user.update',
    { userId, accountEnabled: false, surname: 'King' },
    ['isolate', 'operation', 'privileged'],
    'disabled',
  ],
  ['entra.user.update', { userId, accountEnabled: true }, ['privilege', 'operation', 'privileged'], 'enabled'],
  [
    'entra.user.update',
    { userId, mobilePhone: '+1 555 0100' },
    ['privilege', 'operation', 'external privileged'],
    'the name or the phone',
  ],
  [
    'entra.user.update',
    { userId, userPrincipalName: 'eve@contoso.example', accountEnabled: false },
    ['privilege', 'operation', 'external privileged'],
  ],
  ['entra.user.delete', { userId }, ['delete', 'window', 'privileged']],
  ['entra.user.revoke-sessions', { userId }, ['isolate', 'no', 'privileged']],
  ['entra.user.reset-password', { userId }, ['privilege', 'no', 'privileged']],
  ['entra.user.assign-license', { userId, add: [skus.premium] }, ['spend', 'operation', 'privileged'], 'given'],
  [
    'entra.user.assign-license',
    { userId, add: [skus.premium], remove: [skus.basic] },
    ['delete', 'window', 'privileged', 2],
    'taken away',
  ],
  ['entra.deleted-item.restore', { objectId: deleted.mallory }, ['privilege', 'no', 'privileged']],
  ['entra.deleted-item.purge', { objectId: deleted.mallory }, ['delete', 'no', 'privileged']],
  ['entra.group.create', { displayName: 'A', mailNickname: 'a' }, ['create', 'operation', '']],
  [
    'entra.group.create',
    { displayName: 'A', mailNickname: 'a', isAssignableToRole: true },
    ['privilege', 'operation', 'privileged'],
    'roles can be given to it',
  ],
  ['entra.group.delete', { groupId }, ['delete', 'no', 'privileged', WHOLE_TENANT]],
  ['entra.group.add-member', { groupId, memberId: userId }, ['privilege', 'operation', 'privileged']],
  ['entra.group.remove-member', { groupId, memberId: userId }, ['privilege', 'operation', 'privileged']],
  [
    'entra.role-assignment.create',
    { principalId: userId, roleDefinitionId: roles.helpdesk },
    ['privilege', 'operation', 'privileged'],
    'a scoped role',
  ],
  [
    'entra.role-assignment.create',
    { principalId: userId, roleDefinitionId: roles.globalAdministrator },
    ['privilege', 'no', 'privileged'],
    'a role over the whole tenant',
  ],
  [
    'entra.role-assignment.create',
    { principalId: userId, roleDefinitionId: roles.custom },
    ['privilege', 'no', 'privileged'],
    'a custom or unknown role',
  ],
  [
    'entra.role-assignment.delete',
    { roleAssignmentId: SEED.roleAssignments.grace },
    ['privilege', 'no', 'privileged', WHOLE_TENANT],
  ],
  ['entra.permission-grant.create', GRANT, ['privilege', 'no', 'external privileged']],
  [
    'entra.permission-grant.create',
    { clientId: GRANT.clientId, resourceId: GRANT.resourceId, scope: 'User.Read', consentType: 'AllPrincipals' },
    ['privilege', 'no', 'external privileged', WHOLE_TENANT],
    'for everybody',
  ],
  ['entra.permission-grant.delete', { grantId: SEED.grants.payroll }, ['isolate', 'no', 'privileged', WHOLE_TENANT]],
  ['entra.application.add-password', PASSWORD, ['privilege', 'operation', 'privileged']],
  ['entra.service-principal.delete', { servicePrincipalId }, ['delete', 'window', 'privileged', WHOLE_TENANT]],
  [
    'entra.invitation.create',
    { emailAddress: 'eve@fabrikam.example' },
    ['privilege', 'operation', 'external privileged'],
  ],
  [
    'entra.conditional-access.update',
    { policyId, state: 'enabled' },
    ['isolate', 'operation', 'privileged', WHOLE_TENANT],
    'on',
  ],
  [
    'entra.conditional-access.update',
    { policyId, state: 'enabledForReportingButNotEnforced' },
    ['privilege', 'operation', 'privileged', WHOLE_TENANT],
    'off',
  ],
  ['entra.mail.send', MAIL, ['communicate', 'no', 'privileged']],
  [
    'entra.mail.send',
    { ...MAIL, bcc: ['eve@fabrikam.example'] },
    ['communicate', 'no', 'external privileged', 2],
    'to another domain',
  ],
  ['entra.risky-user.dismiss', { userIds: [users.katherine, users.ada] }, ['privilege', 'no', 'privileged', 2]],
  ['entra.batch.execute', BATCH, ['privilege', 'no', 'privileged', 3], 'the worst of its parts'],
];

export default {
  samples: SAMPLES,
  rateLimits: [
    {
      status: 429,
      headers: { 'retry-after': '7' },
      body: { error: { code: 'TooManyRequests', message: 'Please try again later.' } },
      dialect: 'retry-after',
      waitsMs: 7_000,
    },
    // The bandwidth limit [doc].
    { status: 509, headers: { 'retry-after': '30' }, dialect: 'retry-after', waitsMs: 30_000 },
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
  paging: [{ operation: 'entra.user.list', input: { limit: 6 } }],
  state: {
    reads: [
      ...Object.values(users).flatMap((each) => [
        { operation: 'entra.user.get', input: { userId: each } },
        { operation: 'entra.role-assignment.list', input: { principalId: each } },
      ]),
      { operation: 'entra.group.list', input: {} },
      { operation: 'entra.group.list-members', input: { groupId } },
      { operation: 'entra.application.get', input: { applicationId } },
      { operation: 'entra.conditional-access.list', input: {} },
    ],
    ignore: [],
  },
  facts: [
    { name: 'userEnabled', subject: { type: 'user', id: users.edsger }, value: false },
    { name: 'userEnabled', subject: { type: 'user', id: 'nobody@contoso.example' }, value: undefined },
    { name: 'userRoles', subject: { type: 'user', id: users.grace }, value: [SEED.roles.helpdesk] },
    { name: 'userRoles', subject: { type: 'user', id: users.ada }, value: [] },
    {
      name: 'userMethods',
      subject: { type: 'user', id: users.ada },
      value: ['fido2AuthenticationMethod', 'passwordAuthenticationMethod'],
    },
    { name: 'userRisk', subject: { type: 'user', id: users.katherine }, value: 'medium' },
    { name: 'userRisk', subject: { type: 'user', id: users.ada }, value: undefined },
    { name: 'accountType', subject: { type: 'Entra::User', id: users.ada }, value: 'Member' },
    { name: 'accountType', subject: { type: 'Entra::User', id: '*' }, value: undefined },
  ],
  judgedBy: { '*': 'sdk' },
} satisfies ConformanceFixtures;
