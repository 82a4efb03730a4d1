import { expect, test } from 'vitest';
import { SEED } from '../../../connectors/salesforce/simulator/seed.ts';
import { operator } from '../../support/test-gateway.ts';
import { governed } from './governed-org.ts';

const ADMIN = operator('root', ['administer', 'open']);
const { users, accounts, contacts, permissionSets, profiles } = SEED;

const ACTS = [
  ['salesforce.record.update', { object: 'Account', id: accounts.acme, fields: { Industry: 'Energy' } }],
  ['salesforce.record.delete', { object: 'Contact', id: contacts.road }],
  ['salesforce.permission-set-assignment.create', { userId: users.ada, permissionSetId: permissionSets.viewAllData }],
  ['salesforce.user.change-profile', { userId: users.ada, profileId: profiles.administrator }],
  ['salesforce.user.freeze', { userId: users.ada }],
] as const;

test('a workflow is taken back in reverse order, grants and deletions included', async () => {
  const { interlock, workflow, run, effects } = await governed('');
  for (const [operation, input] of ACTS)
    expect(await run(operation, input)).toMatchObject({ decision: 'allow', outcome: { status: 'succeeded' } });
  const { steps } = await interlock.undo(ADMIN, workflow);
  expect(steps.map(({ status }) => status)).toEqual(ACTS.map(() => 'undone'));
  expect(effects().slice(ACTS.length)).toEqual([
    'UserLogin.update',
    'User.update',
    'PermissionSetAssignment.delete',
    'Contact.undelete',
    'Account.update',
  ]);
  const read = { object: 'Account', id: accounts.acme, fields: ['Industry'] };
  expect(await run('salesforce.record.get', read)).toMatchObject({
    outcome: { result: { fields: { Industry: 'Tools' } } },
  });
});

test('a domain outside is told from one inside by what policies see of an e-mail', async () => {
  const { run, effects } = await governed(`@id("inside") @title("Mail stays inside.")
forbid(principal, action == Action::"salesforce.email.send", resource)
unless { ["example.com"].containsAll(context.input.domains) };`);
  const mail = (to: readonly string[]) => ({ to: [...to], subject: 'Hello', body: 'News' });
  expect(await run('salesforce.email.send', mail(['ada@example.com', 'eve@EXAMPLE.com.evil.example']))).toMatchObject({
    decision: 'deny',
  });
  expect(effects()).toEqual([]);
  expect(await run('salesforce.email.send', mail(['ada@Example.com']))).toMatchObject({ decision: 'allow' });
  expect(effects()).toEqual(['email.send']);
});
