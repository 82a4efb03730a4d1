import type { ConformanceSample } from '../../src/connector/conformance/fixtures.ts';
import { SEED } from './simulator/seed.ts';

const { users, profiles, permissionSets, assignments, accounts, contacts, deleted, leads, opportunities, approvals } =
  SEED;

const IN_ENVELOPE = {
  redaction:
    'The partner API takes the token in the header of the envelope, so that it stands in a body; that it does not come back is tested in test/connectors/salesforce/confinement.test.ts.',
};

const PATH = '/services/data/v67.0/sobjects';

/** One call of each operation that a fresh simulated org grants, and one for every kind of effect. */
export const SAMPLES: readonly ConformanceSample[] = [
  {
    operation: 'salesforce.record.get',
    input: { object: 'Account', id: accounts.acme, fields: ['Name', 'Industry'] },
    effects: [],
  },
  {
    operation: 'salesforce.record.query',
    input: {
      object: 'Account',
      fields: ['Name'],
      where: [{ field: 'Name', operator: 'equals', values: ["Globex & O'Brien"] }],
      orderBy: { field: 'Name' },
    },
    effects: [],
  },
  {
    operation: 'salesforce.record.search',
    input: { text: 'acme', object: 'Account', fields: ['Name'] },
    effects: [],
  },
  {
    operation: 'salesforce.record.create',
    input: { object: 'Account', fields: { Name: 'Initech' } },
    effects: ['Account.create'],
    effect: { kind: 'create', reversible: 'operation', privileged: false },
  },
  {
    operation: 'salesforce.record.create',
    when: 'of a right',
    input: {
      object: 'PermissionSetAssignment',
      fields: { AssigneeId: users.ada, PermissionSetId: permissionSets.reports },
    },
    effects: ['PermissionSetAssignment.create'],
    effect: { kind: 'privilege', reversible: 'no', privileged: true },
  },
  {
    operation: 'salesforce.record.create',
    when: 'of a post',
    input: { object: 'FeedItem', fields: { ParentId: accounts.acme, Body: 'Good news' } },
    effects: ['FeedItem.create'],
    effect: { kind: 'communicate', external: true },
  },
  {
    operation: 'salesforce.record.create',
    when: 'of code',
    input: { object: 'ApexClass', fields: { Name: 'Backdoor', Body: 'class Backdoor {}' } },
    effects: ['ApexClass.create'],
    effect: { kind: 'execute', reversible: 'no', privileged: true },
  },
  {
    operation: 'salesforce.record.update',
    input: { object: 'Account', id: accounts.acme, fields: { Industry: 'Explosives', AnnualRevenue: 2_000_000 } },
    effects: ['Account.update'],
    effect: { kind: 'update', reversible: 'operation', privileged: false },
  },
  {
    operation: 'salesforce.record.update',
    when: "of a user's rights",
    input: { object: 'user', id: users.ada, fields: { ProfileId: profiles.administrator } },
    effects: ['User.update'],
    effect: { kind: 'privilege', privileged: true },
  },
  {
    operation: 'salesforce.record.upsert',
    input: {
      object: 'Account',
      externalIdField: 'Customer_Number__c',
      externalId: 'C-9',
      fields: { Name: 'Umbrella' },
    },
    effects: ['Account.create'],
    effect: { kind: 'update', reversible: 'no' },
  },
  {
    operation: 'salesforce.record.delete',
    input: { object: 'Contact', id: contacts.road },
    effects: ['Contact.delete'],
    effect: { kind: 'delete', reversible: 'window' },
  },
  {
    operation: 'salesforce.record.undelete',
    input: { object: 'Contact', id: deleted.contact },
    bypass: IN_ENVELOPE,
    effects: ['Contact.undelete'],
    effect: { kind: 'create', reversible: 'operation' },
  },
  {
    operation: 'salesforce.recycle-bin.empty',
    input: { ids: [deleted.contact, deleted.other] },
    bypass: IN_ENVELOPE,
    effects: ['Contact.purge', 'Contact.purge'],
    effect: { kind: 'delete', reversible: 'no', count: 2 },
  },
  {
    operation: 'salesforce.record.merge',
    input: { object: 'Account', masterId: accounts.acme, mergedIds: [accounts.acmeTwin] },
    bypass: IN_ENVELOPE,
    effects: ['Account.merge', 'Account.delete'],
    effect: { kind: 'delete', reversible: 'no', count: 2 },
  },
  {
    operation: 'salesforce.lead.convert',
    input: { leadId: leads.yosemite, convertedStatus: 'Closed - Converted', accountId: accounts.globex },
    bypass: IN_ENVELOPE,
    effects: ['Lead.convert', 'Contact.create', 'Opportunity.create'],
    effect: { kind: 'update', reversible: 'no', count: 4 },
  },
  {
    operation: 'salesforce.permission-set-assignment.create',
    input: { userId: users.ada, permissionSetId: permissionSets.viewAllData },
    effects: ['PermissionSetAssignment.create'],
    effect: { kind: 'privilege', reversible: 'operation', privileged: true },
  },
  {
    operation: 'salesforce.permission-set-assignment.delete',
    input: { id: assignments.graceReports },
    effects: ['PermissionSetAssignment.delete'],
    effect: { kind: 'privilege', reversible: 'operation', privileged: true },
  },
  {
    operation: 'salesforce.collection.create',
    input: { object: 'Task', records: [{ Subject: 'One' }, { Subject: 'Two' }] },
    effects: ['Task.create', 'Task.create'],
    effect: { kind: 'create', count: 2 },
  },
  {
    operation: 'salesforce.collection.update',
    input: {
      object: 'Task',
      records: [
        { id: SEED.tasks[0], fields: { Status: 'Done' } },
        { id: SEED.tasks[1], fields: { Status: 'Done' } },
      ],
    },
    effects: ['Task.update', 'Task.update'],
    effect: { kind: 'update', reversible: 'no', count: 2 },
  },
  {
    operation: 'salesforce.collection.delete',
    input: { object: 'Task', ids: [SEED.tasks[0], SEED.tasks[1], SEED.tasks[2]] },
    effects: ['Task.delete', 'Task.delete', 'Task.delete'],
    effect: { kind: 'delete', reversible: 'window', count: 3 },
  },
  {
    operation: 'salesforce.user.freeze',
    input: { userId: users.ada },
    effects: ['UserLogin.update'],
    effect: { kind: 'privilege' },
  },
  {
    operation: 'salesforce.user.unfreeze',
    input: { userId: users.grace },
    effects: ['UserLogin.update'],
    effect: { kind: 'privilege' },
  },
  {
    operation: 'salesforce.user.deactivate',
    input: { userId: users.ada },
    effects: ['User.update'],
    effect: { kind: 'privilege' },
  },
  {
    operation: 'salesforce.user.activate',
    input: { userId: users.ada },
    after: [{ operation: 'salesforce.user.deactivate', input: { userId: users.ada } }],
    effects: ['User.update'],
    effect: { kind: 'privilege' },
  },
  {
    operation: 'salesforce.user.change-profile',
    input: { userId: users.ada, profileId: profiles.administrator },
    effects: ['User.update'],
    effect: { kind: 'privilege', reversible: 'operation' },
  },
  {
    operation: 'salesforce.user.reset-password',
    input: { userId: users.ada },
    bypass: IN_ENVELOPE,
    effects: ['User.reset-password'],
    effect: { kind: 'privilege', reversible: 'no' },
  },
  {
    operation: 'salesforce.approval.submit',
    input: { object: 'Opportunity', id: opportunities.rockets, comments: 'Please' },
    effects: ['approval.submit'],
    effect: { kind: 'create', privileged: false },
  },
  {
    operation: 'salesforce.approval.submit',
    when: 'passing the entry criteria by',
    input: { object: 'Opportunity', id: opportunities.rockets, skipEntryCriteria: true },
    effects: ['approval.submit'],
    effect: { kind: 'privilege', privileged: true },
  },
  {
    operation: 'salesforce.approval.approve',
    input: { workitemId: approvals.workitem, comments: 'Fine' },
    effects: ['approval.approve'],
    effect: { kind: 'privilege', reversible: 'no' },
  },
  {
    operation: 'salesforce.approval.reject',
    input: { workitemId: approvals.workitem },
    effects: ['approval.reject'],
    effect: { kind: 'privilege', reversible: 'no' },
  },
  {
    operation: 'salesforce.email.send',
    input: { to: ['road@acme.example', 'ada@example.com'], subject: 'Hello', body: 'News' },
    effects: ['email.send'],
    effect: { kind: 'communicate', external: true, count: 2 },
  },
  {
    operation: 'salesforce.apex.execute-anonymous',
    input: { code: 'System.debug(1);' },
    effects: ['apex.execute'],
    effect: { kind: 'execute', reversible: 'no', privileged: true },
  },
  {
    operation: 'salesforce.bulk-job.run',
    input: { object: 'Account', action: 'insert', rows: [{ Name: 'One' }, { Name: 'Two, "quoted"\nand long' }] },
    effects: ['Account.create', 'Account.create'],
    effect: { kind: 'create', reversible: 'no', count: 2 },
  },
  {
    operation: 'salesforce.bulk-job.run',
    when: 'past the recycle bin',
    input: { object: 'Task', action: 'hardDelete', ids: [SEED.tasks[0], SEED.tasks[1]] },
    effects: ['Task.delete', 'Task.delete'],
    effect: { kind: 'delete', reversible: 'no', privileged: true, count: 2 },
  },
  { operation: 'salesforce.bulk-job.get', input: { jobId: SEED.job }, effects: [] },
  { operation: 'salesforce.limits.get', input: {}, effects: [] },
  { operation: 'salesforce.object.describe', input: { object: 'Account' }, effects: [] },
  {
    operation: 'salesforce.composite.execute',
    input: {
      requests: [
        { method: 'POST', url: `${PATH}/Account`, referenceId: 'newAccount', body: { Name: 'Initech' } },
        {
          method: 'POST',
          url: `${PATH}/Contact`,
          referenceId: 'newContact',
          body: { LastName: 'Lumbergh', AccountId: '@{newAccount.id}' },
        },
        { method: 'GET', url: `${PATH}/Account/${accounts.acme}?fields=Name`, referenceId: 'acme' },
      ],
    },
    effects: ['Account.create', 'Contact.create'],
    effect: { kind: 'create', count: 3 },
  },
];
