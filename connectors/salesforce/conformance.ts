import type { ConformanceFixtures, ConformanceSample, EffectCase } from '../../src/connector/conformance/fixtures.ts';
import { SEED } from './simulator/seed.ts';

const { users, profiles, permissionSets, assignments, accounts, contacts, deleted, leads, opportunities, approvals } =
  SEED;

const IN_ENVELOPE = {
  redaction:
    'The partner API takes the token in the header of the envelope, so that it stands in a body; that it does not come back is tested in test/connectors/salesforce/confinement.test.ts.',
};

const PATH = '/services/data/v67.0/sobjects';

/** One call of each operation that a fresh simulated org grants, and one for every kind of effect. */
const SAMPLES: readonly ConformanceSample[] = [
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

/** An object of each class, with a field that may be written. */
const OBJECTS = {
  shown: { object: 'FeedItem', fields: { Body: 'Hello' } },
  security: { object: 'GroupMember', fields: { GroupId: SEED.groups.everyone } },
  unknown: { object: 'ApexTrigger', fields: { Body: 'trigger' } },
} as const;

/** What writing such an object does, whatever operation does it. */
const EFFECT_OF = {
  shown: { kind: 'communicate', reversible: 'no', external: true, privileged: false },
  security: { kind: 'privilege', reversible: 'no', external: false, privileged: true },
  unknown: { kind: 'execute', reversible: 'no', external: true, privileged: true },
} as const;

const { id: key, ...named } = { id: accounts.acme, externalIdField: 'Key__c', externalId: 'K-1' };

/** Every operation that takes any object, with an input for one of this class. */
function casesOf(kind: keyof typeof OBJECTS): readonly EffectCase[] {
  const { object, fields } = OBJECTS[kind];
  const effect = { ...EFFECT_OF[kind], count: 1 };
  const inputs: Readonly<Record<string, EffectCase['input']>> = {
    'record.create': { object, fields },
    'record.update': { object, id: key, fields },
    'record.upsert': { object, ...named, fields },
    'record.delete': { object, id: key },
    'collection.create': { object, records: [fields] },
    'collection.update': { object, records: [{ id: key, fields }] },
    'collection.delete': { object, ids: [key] },
    'bulk-job.run': { object, action: 'insert', rows: [fields] },
  };
  return Object.entries(inputs).map(([name, input]) => ({ operation: `salesforce.${name}`, input, effect }));
}

const user = (fields: EffectCase['input']) => ({ object: 'User', id: users.ada, fields });
const update = (fields: EffectCase['input'], effect: EffectCase['effect']): EffectCase => ({
  operation: 'salesforce.record.update',
  input: user(fields),
  effect,
});
const job = (input: EffectCase['input'], effect: EffectCase['effect']): EffectCase => ({
  operation: 'salesforce.bulk-job.run',
  input: { object: 'Account', ...input },
  effect: { count: 1, ...effect },
});

/** Further inputs, described and not run. */
const EFFECT_CASES: readonly EffectCase[] = [
  ...casesOf('shown'),
  ...casesOf('security'),
  ...casesOf('unknown'),
  update({ Title: 'Countess' }, { kind: 'update', privileged: false }),
  update({ Title: 'Countess', UserRoleId: null }, { kind: 'privilege' }),
  update({ IsActive: false }, { kind: 'privilege' }),
  update({ Email: 'eve@evil.example' }, { kind: 'privilege' }),
  update({ Some_New_Field__c: 1 }, { kind: 'privilege' }),
  {
    operation: 'salesforce.record.create',
    input: { object: 'invoice__c', fields: { Name: 'I-1' } },
    effect: { kind: 'create', privileged: false },
    when: 'of a custom object that the operator has named',
  },
  {
    operation: 'salesforce.record.create',
    input: { object: 'Salary__c', fields: { Name: 'S-1' } },
    effect: { kind: 'execute' },
    when: 'of any other custom object',
  },
  {
    operation: 'salesforce.record.undelete',
    input: { object: 'ApexClass', id: accounts.acme },
    effect: { kind: 'execute', reversible: 'no' },
  },
  {
    operation: 'salesforce.recycle-bin.empty',
    input: { ids: [deleted.contact] },
    effect: { kind: 'delete', count: 1 },
  },
  {
    operation: 'salesforce.lead.convert',
    input: { leadId: leads.yosemite, convertedStatus: 'Closed', opportunity: false },
    effect: { kind: 'update', count: 3 },
  },
  {
    operation: 'salesforce.collection.create',
    input: { object: 'Task', records: [{ Subject: 'One' }] },
    effect: { kind: 'create', count: 1 },
  },
  {
    operation: 'salesforce.collection.update',
    input: { object: 'Task', records: [{ id: key, fields: { Subject: 'One' } }] },
    effect: { kind: 'update', count: 1 },
  },
  {
    operation: 'salesforce.collection.delete',
    input: { object: 'Task', ids: [key] },
    effect: { kind: 'delete', count: 1 },
  },
  {
    operation: 'salesforce.email.send',
    input: { to: ['ada@example.com'], subject: 'Hello', body: 'News' },
    effect: { kind: 'communicate', count: 1 },
  },
  job({ action: 'insert', rows: [{ Name: 'One' }] }, { kind: 'create', reversible: 'no' }),
  job({ action: 'update', ids: [key], rows: [{ Name: 'One' }] }, { kind: 'update', reversible: 'no' }),
  job({ action: 'upsert', externalIdField: 'Key__c', rows: [{ Key__c: 'K-1' }] }, { kind: 'update', reversible: 'no' }),
  job({ action: 'delete', ids: [key] }, { kind: 'delete', reversible: 'window', privileged: false }),
  job({ action: 'hardDelete', ids: [key] }, { kind: 'delete', reversible: 'no', privileged: true }),
];

export default {
  samples: SAMPLES,
  effectCases: EFFECT_CASES,
  paging: [{ operation: 'salesforce.record.query', input: { object: 'Task', fields: ['Subject'] } }],
  rateLimits: [
    {
      // The day's quota comes as a 403, and nothing says when it ends [doc, rec].
      status: 403,
      headers: { 'sforce-limit-info': 'api-usage=15000/15000' },
      body: [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }],
      dialect: 'none',
      waitsMs: undefined,
    },
  ],
  state: {
    reads: [
      {
        operation: 'salesforce.record.query',
        input: { object: 'Account', fields: ['Name', 'Industry', 'AnnualRevenue'] },
      },
      { operation: 'salesforce.record.query', input: { object: 'Contact', fields: ['LastName'] } },
      { operation: 'salesforce.record.query', input: { object: 'User', fields: ['ProfileId', 'IsActive', 'Title'] } },
      { operation: 'salesforce.record.query', input: { object: 'UserLogin', fields: ['IsFrozen'] } },
      {
        operation: 'salesforce.record.query',
        input: { object: 'PermissionSetAssignment', fields: ['AssigneeId', 'PermissionSetId'] },
      },
      { operation: 'salesforce.record.query', input: { object: 'Task', fields: ['Subject', 'Status'] } },
    ],
    // A right that is granted again has a new id.
    ignore: ['id'],
  },
  facts: [
    { name: 'userIsActive', subject: { type: 'user', id: 'ada@example.com' }, value: true },
    { name: 'userIsActive', subject: { type: 'user', id: "o'nobody@example.com" }, value: undefined },
    {
      name: 'permissionSets',
      subject: { type: 'Salesforce::User', id: users.grace },
      value: [permissionSets.reports],
    },
  ],
  judgedBy: {
    '*': 'sdk',
    'salesforce.record.search': 'none',
    'salesforce.email.send': 'none',
    'salesforce.composite.execute': 'none',
  },
} satisfies ConformanceFixtures;
