import { expect, test } from 'vitest';
import { SEED } from '../../../connectors/salesforce/simulator/seed.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { openOrg } from './org-world.ts';

const { accounts, contacts, users, permissionSets } = SEED;
const CREATE = { object: 'Account', fields: { Name: 'Initech' } };
const BULK: JsonObject = { object: 'Account', action: 'insert', rows: [{ Name: 'One' }] };

test('a create whose answer is lost is found by its mark, and only this action’s', async () => {
  const org = await openOrg();
  org.simulator.fail({ when: 'after', answer: 'reset', call: 'POST /services/data' });
  expect(await org.run('salesforce.record.create', CREATE)).toMatchObject({ status: 'unknown' });
  expect(await org.probe('salesforce.record.create', CREATE)).toMatchObject({
    status: 'applied',
    result: { id: /^001/ },
  });
  expect(await org.probe('salesforce.record.create', CREATE, { actionId: 'act-2' })).toEqual({ status: 'not-applied' });
  expect(org.effects()).toEqual(['Account.create']);
  expect(org.simulator.audit()[0]?.correlation).toBe('act-1');
});

test('a create that no field can take a mark of stays unknown', async () => {
  const org = await openOrg({ settings: { markerFields: {} } });
  org.simulator.fail({ when: 'after', answer: 'reset', call: 'POST /services/data' });
  expect(await org.run('salesforce.record.create', CREATE)).toMatchObject({ status: 'unknown' });
  expect(await org.probe('salesforce.record.create', CREATE)).toMatchObject({ status: 'undetermined' });
});

test.each([
  ['record.create', { object: 'account', fields: { Name: 'A', interlock_action__c: 'act-9' } }],
  ['record.update', { object: 'Account', id: accounts.acme, fields: { Interlock_Action__c: 'act-9' } }],
  [
    'record.upsert',
    { object: 'Account', externalIdField: 'Interlock_Action__c', externalId: 'act-9', fields: { Name: 'A' } },
  ],
  ['collection.create', { object: 'Account', records: [{ Name: 'A', Interlock_Action__c: 'act-9' }] }],
  [
    'collection.update',
    { object: 'Account', records: [{ id: accounts.acme, fields: { Interlock_Action__c: 'act-9' } }] },
  ],
  ['bulk-job.run', { object: 'Account', action: 'insert', rows: [{ Name: 'A', Interlock_Action__c: 'act-9' }] }],
] as const)('nobody else writes the field that takes the mark: %s', async (operation, input) => {
  const { registry } = await openOrg();
  const parsed = registry.operation(`salesforce.${operation}`).definition.input.safeParse(input);
  expect(parsed.error?.issues[0]?.message).toContain('takes the mark');
  const { registry: unmarked } = await openOrg({ settings: { markerFields: {} } });
  expect(unmarked.operation(`salesforce.${operation}`).definition.input.safeParse(input).success).toBe(true);
});

test.each([
  ['salesforce.record.update', { object: 'Account', id: accounts.acme, fields: { Industry: 'Energy', Name: 'B' } }],
  ['salesforce.record.delete', { object: 'Contact', id: contacts.road }],
  ['salesforce.record.undelete', { object: 'Contact', id: SEED.deleted.contact }],
  ['salesforce.record.merge', { object: 'Account', masterId: accounts.acme, mergedIds: [accounts.acmeTwin] }],
  ['salesforce.lead.convert', { leadId: SEED.leads.yosemite, convertedStatus: 'Closed - Converted' }],
  ['salesforce.permission-set-assignment.create', { userId: users.ada, permissionSetId: permissionSets.reports }],
  ['salesforce.permission-set-assignment.delete', { id: SEED.assignments.graceReports }],
  ['salesforce.user.freeze', { userId: users.ada }],
  ['salesforce.user.deactivate', { userId: users.ada }],
  ['salesforce.user.change-profile', { userId: users.ada, profileId: SEED.profiles.administrator }],
  ['salesforce.approval.submit', { object: 'Opportunity', id: SEED.opportunities.rockets }],
  ['salesforce.collection.delete', { object: 'Task', ids: [SEED.tasks[0], SEED.tasks[1]] }],
])('%s, its answer lost, is settled by reading back', async (operation, input) => {
  const method = operation.includes('delete') && !operation.includes('undelete') ? 'DELETE' : undefined;
  const call = method ?? (/update|user\./.test(operation) ? 'PATCH' : 'POST /services/');
  const org = await openOrg();
  // The token is fetched before, so that the fault meets the call itself.
  await org.run('salesforce.limits.get', {});
  org.simulator.fail({ when: 'after', answer: 'reset', call });
  expect(await org.run(operation, input)).toMatchObject({ status: 'unknown' });
  expect(await org.probe(operation, input)).toMatchObject({ status: 'applied' });
  const effects = org.effects();
  const again = await openOrg();
  await again.run('salesforce.limits.get', {});
  again.simulator.fail({ when: 'before', answer: 'reset', call });
  expect(await again.run(operation, input)).toMatchObject({ status: 'unknown' });
  expect((await again.probe(operation, input)).status).not.toBe('applied');
  expect(again.effects()).toEqual([]);
  expect(effects.length).toBeGreaterThan(0);
});

test('a job whose start got no answer is accepted under its id, and its end is asked for', async () => {
  const org = await openOrg();
  org.simulator.fail({ when: 'after', answer: 'reset', call: 'PATCH' });
  const result = await org.run('salesforce.bulk-job.run', BULK);
  expect(result).toMatchObject({ status: 'accepted', handle: { jobId: /^750/ } });
  const handle = result.status === 'accepted' ? result.handle : {};
  await org.probe('salesforce.bulk-job.run', BULK, { handle });
  expect(await org.probe('salesforce.bulk-job.run', BULK, { handle })).toMatchObject({ status: 'applied' });
  expect(org.effects()).toEqual(['Account.create']);
});

test('code is never run twice, although the vendor made it a GET', async () => {
  const org = await openOrg();
  org.simulator.fail({ when: 'after', answer: 500, call: 'GET', times: 5 });
  const result = await org.run('salesforce.apex.execute-anonymous', { code: 'System.debug(1);' });
  expect(result).toMatchObject({ status: 'unknown' });
  expect(org.effects()).toEqual(['apex.execute']);
});
