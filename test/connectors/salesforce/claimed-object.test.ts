import { expect, test } from 'vitest';
import { SEED } from '../../../connectors/salesforce/simulator/seed.ts';
import { openOrg } from './org-world.ts';

const { users, assignments, contacts, deleted, opportunities } = SEED;

test.each([
  ['salesforce.collection.delete', { object: 'Task', ids: [SEED.tasks[0], assignments.graceReports] }],
  ['salesforce.collection.delete', { object: 'Task', ids: [users.ada] }],
  ['salesforce.record.delete', { object: 'Task', id: assignments.graceReports }],
  ['salesforce.record.update', { object: 'Account', id: users.ada, fields: { Name: 'A' } }],
  ['salesforce.record.undelete', { object: 'Account', id: deleted.contact }],
  ['salesforce.record.merge', { object: 'Account', masterId: SEED.accounts.acme, mergedIds: [contacts.road] }],
  ['salesforce.approval.submit', { object: 'Account', id: opportunities.rockets }],
])('%s of something else than what was judged does nothing: %j', async (operation, input) => {
  const org = await openOrg();
  expect(await org.run(operation, input)).toMatchObject({ status: 'failed' });
  expect(org.effects()).toEqual([]);
});
