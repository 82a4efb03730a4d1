import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import entra from '../../../connectors/entra/index.ts';
import { SEED } from '../../../connectors/entra/simulator/seed.ts';
import { simulateEntra } from '../../../connectors/entra/simulator/simulate-entra.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { parseConfig } from '../../../src/runtime/config.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { startGateway } from '../../../src/runtime/start-gateway.ts';
import { rememberedPolicies } from '../../support/remembered-policies.ts';
import { newDirectory, OPENER, PERMIT_ALL } from '../../support/test-gateway.ts';

const { users, groups, roles } = SEED;

const POLICIES = `
@id("no-admins") @title("Nobody is made an administrator of the whole tenant.")
forbid(principal, action == Action::"entra.role-assignment.create", resource)
when { context.input.roleReach == "tenant-wide" || context.input.roleReach == "unknown" };
@id("inside") @title("Mail stays inside.")
forbid(principal, action == Action::"entra.mail.send", resource) when { context.effect.external };`;

async function governed() {
  const simulator = await simulateEntra({ port: 0 });
  const baseDirectory = newDirectory();
  writeFileSync(join(baseDirectory, 'p.cedar'), `${PERMIT_ALL}\n${POLICIES}`);
  const config = parseConfig({ data: 'data', policies: ['p.cedar'] }, { file: 'test', baseDirectory });
  const { interlock } = await startGateway({
    config,
    connectors: [{ system: 'entra', connector: entra, settings: simulator.settings }],
    logger: createLogger('silent'),
    policySets: rememberedPolicies,
  });
  onTestFinished(async () => {
    await interlock.close();
    await simulator.close();
  });
  const { id: workflow } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' } });
  const { token } = await interlock.openSession(OPENER, workflow, { agent: 'helper' });
  const caller = await interlock.authenticate(token);
  return {
    simulator,
    run: (operation: string, input: JsonObject) => interlock.run(caller, { operation, input }),
    effects: () => simulator.audit().map(({ effect }) => effect),
  };
}

const disable = { id: '1', method: 'PATCH', url: `/users/${users.ada}`, body: { accountEnabled: false } };
const admin = (roleDefinitionId: string) => ({
  id: '2',
  method: 'POST',
  url: '/roleManagement/directory/roleAssignments',
  body: { principalId: users.ada, roleDefinitionId, directoryScopeId: '/' },
});

test('a batch that hides an administrator behind something harmless is denied whole; one without is sent', async () => {
  const { run, effects } = await governed();
  expect(await run('entra.batch.execute', { requests: [disable, admin(roles.globalAdministrator)] })).toMatchObject({
    decision: 'deny',
    reasons: [{ policy: 'no-admins', part: 2 }],
  });
  expect(effects()).toEqual([]);
  expect(await run('entra.batch.execute', { requests: [disable, admin(roles.helpdesk)] })).toMatchObject({
    decision: 'allow',
    outcome: { status: 'succeeded' },
    parts: [{ operation: 'entra.user.update' }, { operation: 'entra.role-assignment.create' }],
  });
  expect(effects()).toEqual(['user.update', 'role-assignment.create']);
});

test('a batch that holds a call nobody declared is refused whole, and nothing is sent', async () => {
  const { run, effects } = await governed();
  // Without /$ref this deletes the member.
  const trap = { id: '2', method: 'DELETE', url: `/groups/${groups.finance}/members/${users.alan}` };
  await expect(run('entra.batch.execute', { requests: [disable, trap] })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
  expect(effects()).toEqual([]);
});

test('a role that a policy does not know counts as the worst; a mail leaves the house with its first outsider', async () => {
  const { run, effects } = await governed();
  const assignment = { principalId: users.ada, roleDefinitionId: roles.custom };
  expect(await run('entra.role-assignment.create', assignment)).toMatchObject({ decision: 'deny' });
  const mail = { userId: users.ada, to: ['grace@contoso.example'], subject: 'Lunch', body: 'At twelve?' };
  const blind = { ...mail, bcc: ['eve@CONTOSO.example.evil.example'] };
  expect(await run('entra.mail.send', blind)).toMatchObject({ decision: 'deny', reasons: [{ policy: 'inside' }] });
  expect(effects()).toEqual([]);
  expect(await run('entra.mail.send', mail)).toMatchObject({ decision: 'allow', outcome: { status: 'succeeded' } });
  expect(effects()).toEqual(['mail.send']);
});

test('an answer that is lost leaves the deletion unknown, and it is settled by looking, not by deleting again', async () => {
  const { run, simulator, effects } = await governed();
  simulator.fail({ when: 'after', answer: 'reset', call: `DELETE /v1.0/users/${users.ada}` });
  const answer = await run('entra.user.delete', { userId: users.ada });
  expect(answer).toMatchObject({ decision: 'allow' });
  expect(['unknown', 'succeeded']).toContain(answer.outcome?.status);
  expect(effects()).toEqual(['user.delete']);
});
