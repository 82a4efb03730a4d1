import salesforce from '../../connectors/salesforce/index.ts';
import { SEED } from '../../connectors/salesforce/simulator/seed.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { judgeConnector, loadSdk, type Pair } from './judge-connector.ts';
import type { Reply } from './recorder.ts';

type Call = (...given: readonly unknown[]) => PromiseLike<unknown>;
type Api = Readonly<Record<'create' | 'retrieve' | 'update' | 'upsert' | 'destroy' | 'describe', Call>>;

/** jsforce as its documentation has it: nothing of ours is between it and the wire. */
interface Jsforce {
  readonly sobject: (name: string) => Api;
  readonly query: Call;
  readonly queryMore: Call;
  readonly request: Call;
  readonly limits: Call;
  readonly soap: Readonly<Record<'undelete' | 'emptyRecycleBin' | 'merge' | 'convertLead' | 'resetPassword', Call>>;
  readonly tooling: Readonly<Record<'executeAnonymous', Call>>;
  readonly process: { readonly approval: Readonly<Record<'submit' | 'approve' | 'reject', Call>> };
  readonly bulk2: {
    readonly createJob: (options: unknown) => { open: Call };
    readonly job: (type: string, options: unknown) => { check: Call };
  };
}

const { Connection } = loadSdk('jsforce') as { Connection: new (options: unknown) => Jsforce }; // as its README has it
const TOKEN = 'the-same-on-both-sides';
const { users, accounts, contacts, deleted, leads, profiles, permissionSets, assignments, approvals } = SEED;
const [first, second] = SEED.tasks;

const token: Reply = { body: { access_token: TOKEN, token_type: 'Bearer' } };
const done: Reply = { status: 204 };
const inEnvelope = {
  'header authorization': 'The shared client sends the token in its own header, too, so that it knows what to redact.',
};
const asked = (operation: string, input: JsonObject): { readonly operation: string; readonly input: JsonObject } => ({
  operation: `salesforce.${operation}`,
  input,
});

const records: readonly Pair<Jsforce>[] = [
  {
    ...asked('record.get', { object: 'Account', id: accounts.acme, fields: ['Name', 'Industry'] }),
    replies: [token, { body: {} }],
    call: (sdk) => sdk.sobject('Account').retrieve(accounts.acme, { fields: ['Name', 'Industry'] }),
  },
  {
    ...asked('record.query', {
      object: 'Account',
      fields: ['Name'],
      where: [{ field: 'Name', operator: 'equals', values: ["Globex & O'Brien"] }],
      limit: 10,
    }),
    replies: [{ body: { totalSize: 0, done: true, records: [] } }],
    call: (sdk) => sdk.query("SELECT Id, Name FROM Account WHERE Name = 'Globex & O\\'Brien' LIMIT 10"),
  },
  {
    ...asked('record.create', { object: 'Account', fields: { Name: 'Initech' } }),
    call: (sdk) => sdk.sobject('Account').create({ Name: 'Initech' }),
  },
  {
    ...asked('record.update', { object: 'Account', id: accounts.acme, fields: { Industry: 'Energy' } }),
    call: (sdk) => sdk.sobject('Account').update({ Id: accounts.acme, Industry: 'Energy' }),
  },
  {
    ...asked('record.upsert', {
      object: 'Account',
      externalIdField: 'Customer_Number__c',
      externalId: 'C-9',
      fields: { Name: 'Umbrella' },
    }),
    call: (sdk) => sdk.sobject('Account').upsert({ Customer_Number__c: 'C-9', Name: 'Umbrella' }, 'Customer_Number__c'),
  },
  {
    ...asked('record.delete', { object: 'Contact', id: contacts.road }),
    replies: [done],
    call: (sdk) => sdk.sobject('Contact').destroy(contacts.road),
  },
  {
    ...asked('permission-set-assignment.create', { userId: users.ada, permissionSetId: permissionSets.reports }),
    call: (sdk) =>
      sdk.sobject('PermissionSetAssignment').create({ AssigneeId: users.ada, PermissionSetId: permissionSets.reports }),
  },
  {
    ...asked('permission-set-assignment.delete', { id: assignments.graceReports }),
    call: (sdk) => sdk.sobject('PermissionSetAssignment').destroy(assignments.graceReports),
  },
  {
    ...asked('collection.create', { object: 'Task', records: [{ Subject: 'One' }, { Subject: 'Two' }] }),
    call: (sdk) => sdk.sobject('Task').create([{ Subject: 'One' }, { Subject: 'Two' }], { allOrNone: true }),
  },
  {
    ...asked('collection.update', { object: 'Task', records: [{ id: first, fields: { Status: 'Done' } }] }),
    call: (sdk) => sdk.sobject('Task').update([{ Id: first, Status: 'Done' }], { allOrNone: true }),
  },
  {
    ...asked('collection.delete', { object: 'Task', ids: [first, second] }),
    replies: [{ body: { totalSize: 2 } }],
    call: (sdk) => sdk.sobject('Task').destroy([first, second], { allOrNone: true }),
  },
];

const soap: readonly Omit<Pair<Jsforce>, 'differs'>[] = [
  {
    ...asked('record.undelete', { object: 'Contact', id: deleted.contact }),
    replies: [{ body: { totalSize: 1 } }],
    call: (sdk) => sdk.soap.undelete([deleted.contact]),
  },
  {
    ...asked('recycle-bin.empty', { ids: [deleted.contact, deleted.other] }),
    call: (sdk) => sdk.soap.emptyRecycleBin([deleted.contact, deleted.other]),
  },
  {
    ...asked('record.merge', { object: 'Account', masterId: accounts.acme, mergedIds: [accounts.acmeTwin] }),
    call: (sdk) =>
      sdk.soap.merge([{ masterRecord: { type: 'Account', Id: accounts.acme }, recordToMergeIds: [accounts.acmeTwin] }]),
  },
  {
    ...asked('lead.convert', { leadId: leads.yosemite, convertedStatus: 'Closed', opportunity: false }),
    call: (sdk) =>
      sdk.soap.convertLead({
        convertedStatus: 'Closed',
        doNotCreateOpportunity: true,
        leadId: leads.yosemite,
        overwriteLeadSource: false,
        sendNotificationEmail: false,
      }),
  },
  { ...asked('user.reset-password', { userId: users.ada }), call: (sdk) => sdk.soap.resetPassword(users.ada) },
];

const people: readonly Pair<Jsforce>[] = [
  {
    ...asked('user.freeze', { userId: users.ada }),
    replies: [{ body: { records: [{ Id: '0Ywada000000000000' }] } }],
    call: (sdk) => sdk.sobject('UserLogin').update({ Id: '0Ywada000000000000', IsFrozen: true }),
  },
  {
    ...asked('user.unfreeze', { userId: users.ada }),
    replies: [{ body: { records: [{ Id: '0Ywada000000000000' }] } }],
    call: (sdk) => sdk.sobject('UserLogin').update({ Id: '0Ywada000000000000', IsFrozen: false }),
  },
  {
    ...asked('user.deactivate', { userId: users.ada }),
    replies: [done],
    call: (sdk) => sdk.sobject('User').update({ Id: users.ada, IsActive: false }),
  },
  {
    ...asked('user.activate', { userId: users.ada }),
    replies: [done],
    call: (sdk) => sdk.sobject('User').update({ Id: users.ada, IsActive: true }),
  },
  {
    ...asked('user.change-profile', { userId: users.ada, profileId: profiles.standard }),
    call: (sdk) => sdk.sobject('User').update({ Id: users.ada, ProfileId: profiles.standard }),
  },
  {
    ...asked('approval.submit', { object: 'Opportunity', id: SEED.opportunities.rockets, comments: 'Please' }),
    call: (sdk) => sdk.process.approval.submit(SEED.opportunities.rockets, 'Please'),
  },
  {
    ...asked('approval.approve', { workitemId: approvals.workitem, comments: 'Fine' }),
    call: (sdk) => sdk.process.approval.approve(approvals.workitem, 'Fine'),
  },
  {
    ...asked('approval.reject', { workitemId: approvals.workitem, comments: 'No' }),
    call: (sdk) => sdk.process.approval.reject(approvals.workitem, 'No'),
  },
];

const JOB = '750job000000000000';

const rest: readonly Pair<Jsforce>[] = [
  {
    ...asked('apex.execute-anonymous', { code: "System.debug('a b+c');" }),
    call: (sdk) => sdk.tooling.executeAnonymous("System.debug('a b+c');"),
  },
  {
    ...asked('bulk-job.run', { object: 'Account', action: 'insert', rows: [{ Name: 'One' }] }),
    at: 0,
    differs: { 'body.contentType': 'We say outright what the default is.' },
    call: (sdk) => sdk.bulk2.createJob({ object: 'Account', operation: 'insert', lineEnding: 'LF' }).open(),
  },
  {
    ...asked('bulk-job.get', { jobId: JOB }),
    call: (sdk) => sdk.bulk2.job('ingest', { id: JOB }).check(),
  },
  { ...asked('limits.get', {}), call: (sdk) => sdk.limits() },
  { ...asked('object.describe', { object: 'Account' }), call: (sdk) => sdk.sobject('Account').describe() },
];

judgeConnector<Jsforce>({
  connector: salesforce,
  settings: (origin) => ({ origin, version: '67.0', clientId: 'app', clientSecret: 'secret' }),
  sdk: (origin) => new Connection({ instanceUrl: origin, accessToken: TOKEN, version: '67.0' }),
  isToken: ({ path }) => path === '/services/oauth2/token',
  pairs: [...records, ...soap.map((pair) => ({ ...pair, differs: inEnvelope })), ...people, ...rest],
});
