import { expect, test } from 'vitest';
import { SEED } from '../../../connectors/salesforce/simulator/seed.ts';
import { partOf, type SubRequest } from '../../../connectors/salesforce/sub-request.ts';
import { governed } from './governed-org.ts';
import { openOrg } from './org-world.ts';

const ROOT = '/services/data/v67.0/sobjects';
const { users, permissionSets, accounts, assignments } = SEED;

const judging = {
  version: '67.0',
  earlier: ['first'],
  isData: (object: string) => ['account', 'contact'].includes(object.toLowerCase()),
};
const request = (method: SubRequest['method'], url: string, body?: SubRequest['body']): SubRequest => ({
  method,
  url,
  referenceId: 'second',
  ...(body && { body }),
});

test.each([
  [request('POST', `${ROOT}/Account`, { Name: 'A' }), 'record.create'],
  [request('PATCH', `${ROOT}/Account/${accounts.acme}`, { Name: 'A' }), 'record.update'],
  [request('PATCH', `${ROOT}/Account/Customer_Number__c/C-1`, { Name: 'A' }), 'record.upsert'],
  [request('DELETE', `${ROOT}/Account/${accounts.acme}`), 'record.delete'],
  [request('GET', `${ROOT}/Account/${accounts.acme}?fields=Name,Industry`), 'record.get'],
  [request('POST', `${ROOT}/Contact`, { LastName: 'A', AccountId: '@{first.id}' }), 'record.create'],
  [
    request('POST', `${ROOT}/permissionsetassignment`, {
      assigneeid: users.ada,
      PermissionSetId: permissionSets.viewAllData,
    }),
    'permission-set-assignment.create',
  ],
  [
    request('DELETE', `${ROOT}/PermissionSetAssignment/${assignments.graceReports}`),
    'permission-set-assignment.delete',
  ],
  [request('POST', `${ROOT}/PermissionSetAssignment`, { AssigneeId: users.ada }), 'record.create'],
])('a sub-request is the operation that its method and URL say: %j is %s', (sent, operation) => {
  expect(partOf(sent, judging).operation).toBe(`salesforce.${operation}`);
});

test.each([
  ['another version', request('POST', '/services/data/v30.0/sobjects/Account', { Name: 'A' })],
  ['another host', request('POST', 'https://evil.example/services/data/v67.0/sobjects/Account', { Name: 'A' })],
  ['code', request('GET', '/services/data/v67.0/tooling/executeAnonymous?anonymousBody=x')],
  ['a nested composite', request('POST', '/services/data/v67.0/composite', { Name: 'A' })],
  ['a query', request('GET', '/services/data/v67.0/query?q=SELECT+Id+FROM+User')],
  ['a write with a query', request('DELETE', `${ROOT}/Account/${accounts.acme}?x=1`)],
  ['an escape in the path', request('PATCH', `${ROOT}/Account%2F${accounts.acme}`, { Name: 'A' })],
  ['a reference in the URL', request('PATCH', `${ROOT}/Account/@{first.id}`, { Name: 'A' })],
  ['a reference that is no id', request('POST', `${ROOT}/Contact`, { LastName: '@{first.Name}' })],
  ['a reference inside a text', request('POST', `${ROOT}/Contact`, { LastName: 'x @{first.id}' })],
  ['a reference to what comes later', request('POST', `${ROOT}/Contact`, { LastName: '@{second.id}' })],
  [
    'a reference where the value decides',
    request('POST', `${ROOT}/PermissionSetAssignment`, {
      AssigneeId: '@{first.id}',
      PermissionSetId: permissionSets.reports,
    }),
  ],
  ['a reference in what others are shown', request('POST', `${ROOT}/FeedItem`, { Body: '@{first.id}' })],
  ['a body where none goes', request('DELETE', `${ROOT}/Account/${accounts.acme}`, { Name: 'A' })],
])('%s is refused', (_what, sent) => {
  expect(() => partOf(sent, judging)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
});

test('headers of a sub-request are refused, a twenty-sixth, and one that is named twice', async () => {
  const { registry } = await openOrg();
  const { input } = registry.operation('salesforce.composite.execute').definition;
  const one = { method: 'POST', url: `${ROOT}/Account`, referenceId: 'a', body: { Name: 'A' } };
  expect(input.safeParse({ requests: [one] }).success).toBe(true);
  expect(input.safeParse({ requests: [{ ...one, httpHeaders: { 'Sforce-Auto-Assign': 'TRUE' } }] }).success).toBe(
    false,
  );
  const many = (count: number) => Array.from({ length: count }, (_, at) => ({ ...one, referenceId: `r${at}` }));
  expect(input.safeParse({ requests: many(25) }).success).toBe(true);
  expect(input.safeParse({ requests: many(26) }).success).toBe(false);
  expect(input.safeParse({ requests: [one, one] }).success).toBe(false);
});

test('a refused part takes back all of them, and each says so', async () => {
  const org = await openOrg();
  const result = await org.run('salesforce.composite.execute', {
    requests: [
      { method: 'POST', url: `${ROOT}/Account`, referenceId: 'a', body: { Name: 'A' } },
      { method: 'POST', url: `${ROOT}/Contact`, referenceId: 'b', body: { FirstName: 'without a last name' } },
    ],
  });
  expect(org.effects()).toEqual([]);
  expect(result).toMatchObject({
    result: {
      parts: [{ httpStatusCode: 400 }, { httpStatusCode: 400, body: [{ errorCode: 'REQUIRED_FIELD_MISSING' }] }],
    },
  });
});

const NO_GRANTS = `@id("no-grants") @title("Agents grant nothing.")
forbid(principal, action == Action::"salesforce.permission-set-assignment.create", resource);
@id("no-privilege") @title("Nothing privileged.")
forbid(principal, action, resource) when { context.effect.privileged };`;

const harmless = { method: 'POST', url: `${ROOT}/Account`, referenceId: 'acme', body: { Name: 'Initech' } };
const grant = {
  method: 'POST',
  url: `${ROOT}/PermissionSetAssignment`,
  referenceId: 'grant',
  body: { AssigneeId: users.ada, PermissionSetId: permissionSets.viewAllData },
};

test('a grant hidden in a composite is denied as the grant that it is, and nothing of it is sent', async () => {
  const { run, effects } = await governed(NO_GRANTS);
  expect(await run('salesforce.composite.execute', { requests: [harmless, grant] })).toMatchObject({
    decision: 'deny',
    reasons: expect.arrayContaining([expect.objectContaining({ policy: 'no-grants', part: 2 })]),
  });
  expect(effects()).toEqual([]);
  expect(await run('salesforce.composite.execute', { requests: [harmless] })).toMatchObject({
    decision: 'allow',
    parts: [{ operation: 'salesforce.record.create', outcome: { status: 'succeeded' } }],
  });
  expect(effects()).toEqual(['Account.create']);
});

test.each([
  ['salesforce.record.create', { object: 'PermissionSetAssignment', fields: grant.body }],
  ['salesforce.record.create', { object: 'permissionSETassignment', fields: grant.body }],
  ['salesforce.record.update', { object: 'User', id: users.ada, fields: { profileid: SEED.profiles.administrator } }],
  ['salesforce.collection.create', { object: 'PermissionSetAssignment', records: [grant.body] }],
  ['salesforce.apex.execute-anonymous', { code: 'insert new PermissionSetAssignment();' }],
  ['salesforce.bulk-job.run', { object: 'PermissionSetAssignment', action: 'insert', rows: [grant.body] }],
])('%s with %j is privileged, however it is written', async (operation, input) => {
  const { run, effects } = await governed(NO_GRANTS);
  expect(await run(operation, input)).toMatchObject({ decision: 'deny' });
  expect(effects()).toEqual([]);
});

test('where parts fail each for itself, each has its own outcome', async () => {
  const { run, effects } = await governed('');
  const nameless = { ...harmless, referenceId: 'nameless', body: { Industry: 'None' } };
  const read = { method: 'GET', url: `${ROOT}/Account/${accounts.acme}?fields=Name`, referenceId: 'read' };
  expect(
    await run('salesforce.composite.execute', { allOrNone: false, requests: [nameless, harmless, read] }),
  ).toMatchObject({
    parts: [
      { outcome: { status: 'failed' } },
      { outcome: { status: 'succeeded', result: { id: expect.stringMatching(/^001/) } } },
      { outcome: { status: 'succeeded', result: { id: accounts.acme, fields: { Name: 'Acme' } } } },
    ],
  });
  expect(effects()).toEqual(['Account.create']);
});

test('a part writes neither the mark of an action nor a dot segment', async () => {
  const { run, effects } = await governed('');
  const forged = { ...harmless, body: { Name: 'A', Interlock_Action__c: 'act-9' } };
  const climbing = {
    method: 'PATCH',
    url: `${ROOT}/Account/Customer_Number__c/..`,
    referenceId: 'up',
    body: { Name: 'A' },
  };
  for (const request of [forged, climbing])
    await expect(run('salesforce.composite.execute', { requests: [request] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  expect(effects()).toEqual([]);
});
