import type { Row, SimulatedOrg } from './org.ts';
import { tableOf } from './org.ts';

const id = (prefix: string, name: string) => `${prefix}${name.padEnd(15, '0')}`;

/** One of the 25 tasks. */
function task(at: number): string {
  return id('00T', `task${String(at).padStart(2, '0')}`);
}

/** Ids of what a fresh simulated org holds. */
export const SEED = {
  users: { ada: id('005', 'ada'), grace: id('005', 'grace') },
  profiles: { standard: id('00e', 'standard'), administrator: id('00e', 'administrator') },
  permissionSets: { viewAllData: id('0PS', 'viewAllData'), reports: id('0PS', 'reports') },
  assignments: { graceReports: id('0Pa', 'graceReports') },
  accounts: { acme: id('001', 'acme'), acmeTwin: id('001', 'acmeTwin'), globex: id('001', 'globex') },
  contacts: { road: id('003', 'roadRunner') },
  deleted: { contact: id('003', 'deletedContact'), other: id('003', 'deletedOther') },
  leads: { yosemite: id('00Q', 'yosemite') },
  cases: { anvil: id('500', 'anvil') },
  opportunities: { anvils: id('006', 'anvils'), rockets: id('006', 'rockets') },
  approvals: { instance: id('04g', 'anvils'), workitem: id('04i', 'anvils') },
  groups: { everyone: id('00G', 'everyone') },
  job: id('750', 'finished'),
  tasks: [task(0), task(1), task(2)],
} as const;

function fill(org: SimulatedOrg, object: string, rows: readonly Row[]): void {
  for (const row of rows) tableOf(org, object).set(String(row['Id']), row);
}

export function seededOrg(): SimulatedOrg {
  const { users, profiles, permissionSets, accounts, opportunities, approvals } = SEED;
  const org: SimulatedOrg = { tables: new Map(), bin: new Map(), jobs: new Map(), cursors: new Map(), requests: 0 };
  fill(org, 'User', [
    {
      Id: users.ada,
      Username: 'ada@example.com',
      Email: 'ada@example.com',
      LastName: 'Lovelace',
      Title: 'Analyst',
      IsActive: true,
      ProfileId: profiles.standard,
      UserRoleId: null,
      Department: 'Sales',
    },
    {
      Id: users.grace,
      Username: 'grace@example.com',
      Email: 'grace@example.com',
      LastName: 'Hopper',
      Title: 'Admiral',
      IsActive: true,
      ProfileId: profiles.administrator,
      UserRoleId: null,
      Department: 'IT',
    },
  ]);
  fill(org, 'UserLogin', [
    { Id: id('0Yw', 'ada'), UserId: users.ada, IsFrozen: false, IsPasswordLocked: false },
    { Id: id('0Yw', 'grace'), UserId: users.grace, IsFrozen: true, IsPasswordLocked: false },
  ]);
  fill(org, 'Profile', [
    { Id: profiles.standard, Name: 'Standard User' },
    { Id: profiles.administrator, Name: 'System Administrator' },
  ]);
  fill(org, 'PermissionSet', [
    { Id: permissionSets.viewAllData, Name: 'View_All_Data', Label: 'View all data' },
    { Id: permissionSets.reports, Name: 'Reports', Label: 'Reports' },
  ]);
  fill(org, 'PermissionSetAssignment', [
    { Id: SEED.assignments.graceReports, AssigneeId: users.grace, PermissionSetId: permissionSets.reports },
  ]);
  fill(org, 'Account', [
    {
      Id: accounts.acme,
      Name: 'Acme',
      Industry: 'Tools',
      Description: null,
      AnnualRevenue: 1_000_000,
      OwnerId: users.ada,
      Interlock_Action__c: null,
      Customer_Number__c: 'C-1',
    },
    {
      Id: accounts.acmeTwin,
      Name: 'Acme (twin)',
      Industry: null,
      Description: null,
      AnnualRevenue: null,
      OwnerId: users.ada,
      Interlock_Action__c: null,
      Customer_Number__c: null,
    },
    {
      Id: accounts.globex,
      Name: "Globex & O'Brien",
      Industry: 'Energy',
      Description: null,
      AnnualRevenue: null,
      OwnerId: users.ada,
      Interlock_Action__c: null,
      Customer_Number__c: 'C-2',
    },
  ]);
  fill(org, 'Contact', [
    {
      Id: SEED.contacts.road,
      LastName: 'Runner',
      FirstName: 'Road',
      Email: 'road@acme.example',
      AccountId: accounts.acme,
    },
  ]);
  fill(org, 'Lead', [
    {
      Id: SEED.leads.yosemite,
      LastName: 'Sam',
      Company: 'Yosemite',
      Status: 'Open',
      IsConverted: false,
      ConvertedAccountId: null,
      ConvertedContactId: null,
      ConvertedOpportunityId: null,
    },
  ]);
  fill(org, 'Case', [
    {
      Id: SEED.cases.anvil,
      Subject: 'The anvil',
      Status: 'New',
      Description: 'It fell.',
      ContactId: SEED.contacts.road,
    },
  ]);
  fill(org, 'Opportunity', [
    { Id: opportunities.anvils, Name: 'Anvils', StageName: 'Proposal', Amount: 5_000, CloseDate: '2026-12-31' },
    { Id: opportunities.rockets, Name: 'Rockets', StageName: 'Proposal', Amount: 90_000, CloseDate: '2026-12-31' },
  ]);
  fill(org, 'ProcessInstance', [{ Id: approvals.instance, TargetObjectId: opportunities.anvils, Status: 'Pending' }]);
  fill(org, 'ProcessInstanceWorkitem', [
    { Id: approvals.workitem, ProcessInstanceId: approvals.instance, ActorId: users.grace },
  ]);
  fill(
    org,
    'Task',
    Array.from({ length: 25 }, (_, at) => ({
      Id: task(at),
      Subject: `Call ${at}`,
      Status: 'Open',
      WhoId: SEED.contacts.road,
    })),
  );
  org.jobs.set(SEED.job, {
    id: SEED.job,
    object: 'Account',
    operation: 'insert',
    externalIdFieldName: undefined,
    state: 'JobComplete',
    csv: '',
    processed: 3,
    failed: 1,
  });
  for (const contact of Object.values(SEED.deleted))
    org.bin.set(contact, {
      object: 'Contact',
      row: { Id: contact, LastName: 'Gone', FirstName: null, Email: null, AccountId: null },
    });
  return org;
}
