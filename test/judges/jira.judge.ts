import fixtures from '../../connectors/jira/conformance.ts';
import jira from '../../connectors/jira/index.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { judgeConnector, type Pair } from './judge-connector.ts';
import type { Reply } from './recorder.ts';

type Client = Readonly<Record<string, Readonly<Record<string, (parameters: JsonObject) => Promise<unknown>>>>>;

// It is not there to type-check against on a machine that has not installed this workspace, and cannot be required.
const name: string = 'jira.js';
const { createCloudClient } = (await import(name)) as { createCloudClient: (config: unknown) => Client };

const paragraph = (...content: readonly JsonObject[]): JsonObject => ({ type: 'paragraph', content: [...content] });
const said = (text: string): JsonObject => ({ type: 'text', text });
const issueIdOrKey = 'BILL-1';
const projectIdOrKey = 'BILL';
const fields = 'summary,description,status,assignee,labels,duedate';
const scheme = { schemeId: 10 };

/** What the SDK is asked for, by operation, in the order of the samples: group, method and parameters. */
const ASKED: Readonly<Record<string, readonly (readonly [group: string, method: string, parameters: JsonObject])[]>> = {
  'jira.issue.get': [['issues', 'getIssue', { issueIdOrKey, fields: fields.split(',') }]],
  'jira.issue.search': [
    [
      'issueSearch',
      'searchAndReconsileIssuesUsingJqlPost',
      {
        jql: 'project = "BILL" AND text ~ "a \\"cent\\" \\\\" ORDER BY created DESC',
        fields: fields.split(','),
        maxResults: 50,
      },
    ],
  ],
  'jira.issue.create': [
    [
      'issues',
      'createIssue',
      {
        fields: {
          project: { key: 'BILL' },
          issuetype: { name: 'Bug' },
          summary: 'Broken',
          labels: ['money'],
          description: {
            type: 'doc',
            version: 1,
            content: [paragraph(said('It is.'), { type: 'hardBreak' }, said('Very.')), paragraph(said('Truly.'))],
          },
        },
      },
    ],
  ],
  'jira.issue.update': [
    ['issues', 'editIssue', { issueIdOrKey, notifyUsers: true, fields: { summary: 'Rounding of cents' } }],
    ['issues', 'editIssue', { issueIdOrKey, notifyUsers: false, fields: { summary: 'Rounding of cents', labels: [] } }],
    [
      'issues',
      'editIssue',
      {
        issueIdOrKey,
        notifyUsers: false,
        fields: { description: { type: 'doc', version: 1, content: [paragraph(said('Two cents.'))] } },
      },
    ],
  ],
  'jira.issue.delete': [
    ['issues', 'deleteIssue', { issueIdOrKey, deleteSubtasks: false }],
    ['issues', 'deleteIssue', { issueIdOrKey, deleteSubtasks: true }],
  ],
  'jira.issue.assign': [['issues', 'assignIssue', { issueIdOrKey, accountId: 'acc-grace' }]],
  'jira.issue.transition': [['issues', 'doTransition', { issueIdOrKey, transition: { id: '31' } }]],
  'jira.issue.comment': [
    [
      'issueComments',
      'addComment',
      {
        issueIdOrKey,
        body: { type: 'doc', version: 1, content: [paragraph(said('Fixed.'))] },
        visibility: { type: 'role', value: 'Developers' },
      },
    ],
  ],
  'jira.issue.notify': [
    [
      'issues',
      'notify',
      { issueIdOrKey, subject: 'Look', textBody: 'Please.', to: { users: [{ accountId: 'acc-ada' }] } },
    ],
  ],
  'jira.issue.link': [
    [
      'issueLinks',
      'linkIssues',
      { type: { name: 'Blocks' }, inwardIssue: { key: 'BILL-1' }, outwardIssue: { key: 'BILL-2' } },
    ],
  ],
  'jira.issue.bulk-delete': [
    [
      'issueBulkOperations',
      'submitBulkDelete',
      { selectedIssueIdsOrKeys: ['BILL-1', 'BILL-2'], sendBulkNotification: false },
    ],
  ],
  'jira.project.get': [['projects', 'getProject', { projectIdOrKey }]],
  'jira.project.delete': [
    ['projects', 'deleteProject', { projectIdOrKey, enableUndo: true }],
    ['projects', 'deleteProject', { projectIdOrKey, enableUndo: false }],
  ],
  'jira.project.archive': [['projects', 'archiveProject', { projectIdOrKey }]],
  'jira.user.list-groups': [['users', 'getUserGroups', { accountId: 'acc-ada' }]],
  'jira.group.add-member': [['groups', 'addUserToGroup', { groupId: 'g-admins', accountId: 'acc-grace' }]],
  'jira.group.remove-member': [['groups', 'removeUserFromGroup', { groupId: 'g-billing', accountId: 'acc-ada' }]],
  'jira.user.delete': [['users', 'removeUser', { accountId: 'acc-grace' }]],
  'jira.permission.grant': [
    [
      'permissionSchemes',
      'createPermissionGrant',
      { ...scheme, permission: 'BROWSE_PROJECTS', holder: { type: 'anyone' } },
    ],
    [
      'permissionSchemes',
      'createPermissionGrant',
      { ...scheme, permission: 'ADMINISTER_PROJECTS', holder: { type: 'group', value: 'g-billing' } },
    ],
  ],
  'jira.permission.revoke': [['permissionSchemes', 'deletePermissionSchemeEntity', { ...scheme, permissionId: 100 }]],
};

const DIFFERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'jira.issue.create': { 'body.properties': 'We add the mark by which a read-back finds the issue.' },
};

/** Satisfies whatever is asked before a change. */
const ANSWER: Reply = {
  body: {
    id: '1',
    key: 'BILL-1',
    fields: { summary: '', status: { name: 'Open' } },
    transitions: [{ id: '31', to: { name: 'Done' } }],
    permission: 'BROWSE_PROJECTS',
    holder: { type: 'anyone' },
  },
};

const pairs = Object.entries(ASKED).flatMap(([operation, asked]) => {
  const samples = fixtures.samples.filter((sample) => sample.operation === operation);
  if (samples.length !== asked.length) throw new Error(`${operation}: a sample has no call beside it`);
  return asked.map(([group, method, parameters], i): Pair<Client> => {
    const call = (client: Client) => {
      const found = client[group]?.[method];
      if (found === undefined) throw new Error(`the SDK has no ${group}.${method}`);
      return found(parameters);
    };
    const differs = DIFFERS[operation];
    return { operation, input: samples[i]?.input ?? {}, call, replies: [ANSWER], ...(differs && { differs }) };
  });
});

judgeConnector<Client>({
  connector: jira,
  settings: (origin) => ({ origin, email: 'agent@acme.example', token: 'secret' }),
  sdk: (origin) =>
    createCloudClient({
      host: origin,
      onSchemaMismatch: 'silent',
      auth: { type: 'basic', email: 'agent@acme.example', apiToken: 'secret' },
    }),
  pairs,
});
