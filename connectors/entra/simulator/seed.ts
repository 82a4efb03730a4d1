import type { Entry, Tenant } from './tenant.ts';

const guid = (kind: string, number: number): string =>
  `${kind.padEnd(8, '0')}-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Whom and what every simulated tenant begins with. */
export const SEED = {
  users: {
    ada: guid('aaaa', 1),
    grace: guid('aaaa', 2),
    alan: guid('aaaa', 3),
    edsger: guid('aaaa', 4),
    barbara: guid('aaaa', 5),
    katherine: guid('aaaa', 6),
  },
  groups: { finance: guid('bbbb', 1), admins: guid('bbbb', 2), contractors: guid('bbbb', 3) },
  applications: { payroll: guid('cccc', 1) },
  servicePrincipals: { payroll: guid('dddd', 1), graph: guid('dddd', 2) },
  policies: { mfa: guid('eeee', 1) },
  keys: { old: guid('ffff', 1) },
  deleted: { mallory: guid('aaaa', 9) },
  skus: { basic: guid('1111', 1), premium: guid('1111', 2) },
  appRoles: { readAllMail: guid('2222', 1), readUsers: guid('2222', 2) },
  roles: {
    globalAdministrator: '62e90394-69f5-4237-9190-012177145e10',
    helpdesk: '729827e3-9c14-49f7-bb1b-9608f156bbb8',
    custom: guid('3333', 1),
  },
  roleAssignments: { grace: 'roleassignment-of-grace-00001' },
  grants: { payroll: 'permissiongrant-of-payroll-01' },
  appRoleAssignments: { payroll: 'approleassignment-payroll-001' },
} as const;

const { users, groups, applications, servicePrincipals, policies, keys, deleted, skus, appRoles, roles } = SEED;

function person(id: string, givenName: string, surname: string): Entry {
  const name = givenName.toLowerCase();
  return {
    '@odata.type': '#microsoft.graph.user',
    id,
    displayName: `${givenName} ${surname}`,
    givenName,
    surname,
    userPrincipalName: `${name}@contoso.example`,
    mailNickname: name,
    mail: `${name}@contoso.example`,
    accountEnabled: id !== users.edsger,
    userType: 'Member',
    department: 'Engineering',
    jobTitle: null,
    assignedLicenses: [{ skuId: skus.basic, disabledPlans: [] }],
    createdDateTime: '2026-01-05T09:00:00Z',
  };
}

const team = (id: string, displayName: string, isAssignableToRole = false): Entry => ({
  '@odata.type': '#microsoft.graph.group',
  id,
  displayName,
  description: `${displayName} of the simulated tenant`,
  mailNickname: displayName.toLowerCase(),
  securityEnabled: true,
  mailEnabled: false,
  isAssignableToRole,
  groupTypes: [],
});

const principal = (id: string, displayName: string): Entry => ({
  '@odata.type': '#microsoft.graph.servicePrincipal',
  id,
  displayName,
});

const byId = (entries: readonly Entry[]): Map<string, Entry> =>
  new Map(entries.map((entry) => [String(entry['id']), entry]));

export function seedTenant(): Tenant {
  return {
    users: byId([
      person(users.ada, 'Ada', 'Lovelace'),
      person(users.grace, 'Grace', 'Hopper'),
      person(users.alan, 'Alan', 'Turing'),
      person(users.edsger, 'Edsger', 'Dijkstra'),
      person(users.barbara, 'Barbara', 'Liskov'),
      person(users.katherine, 'Katherine', 'Johnson'),
    ]),
    groups: byId([
      team(groups.finance, 'Finance'),
      team(groups.admins, 'Admins', true),
      team(groups.contractors, 'Contractors'),
    ]),
    applications: byId([
      {
        '@odata.type': '#microsoft.graph.application',
        id: applications.payroll,
        appId: guid('4444', 1),
        displayName: 'Payroll',
        passwordCredentials: [{ keyId: keys.old, displayName: 'old', endDateTime: '2027-01-01T00:00:00Z' }],
      },
    ]),
    servicePrincipals: byId([
      principal(servicePrincipals.payroll, 'Payroll'),
      principal(servicePrincipals.graph, 'Microsoft Graph'),
    ]),
    deleted: byId([{ ...person(deleted.mallory, 'Mallory', 'Gone'), deletedDateTime: '2026-01-06T09:00:00Z' }]),
    members: new Map([
      [groups.finance, new Set([users.alan])],
      [groups.admins, new Set([users.grace])],
      [groups.contractors, new Set()],
    ]),
    roleAssignments: byId([
      {
        id: SEED.roleAssignments.grace,
        principalId: users.grace,
        roleDefinitionId: roles.helpdesk,
        directoryScopeId: '/',
      },
    ]),
    grants: byId([
      {
        id: SEED.grants.payroll,
        clientId: servicePrincipals.payroll,
        consentType: 'AllPrincipals',
        principalId: null,
        resourceId: servicePrincipals.graph,
        scope: 'User.Read',
      },
    ]),
    appRoleAssignments: byId([
      {
        id: SEED.appRoleAssignments.payroll,
        principalId: servicePrincipals.payroll,
        resourceId: servicePrincipals.graph,
        resourceDisplayName: 'Microsoft Graph',
        appRoleId: appRoles.readUsers,
      },
    ]),
    policies: byId([{ id: policies.mfa, displayName: 'Require MFA for everybody', state: 'enabled' }]),
    riskyUsers: byId([
      {
        id: users.katherine,
        userPrincipalName: 'katherine@contoso.example',
        riskLevel: 'medium',
        riskState: 'atRisk',
        riskDetail: 'none',
      },
    ]),
    mails: [],
    sessions: new Map(Object.values(users).map((id) => [id, 1])),
  };
}
