import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import crowdstrike from '../../../connectors/crowdstrike/index.ts';
import { SEED } from '../../../connectors/crowdstrike/simulator/seed.ts';
import { simulateCrowdstrike } from '../../../connectors/crowdstrike/simulator/simulate-crowdstrike.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { parseConfig } from '../../../src/runtime/config.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { startGateway } from '../../../src/runtime/start-gateway.ts';
import { rememberedPolicies } from '../../support/remembered-policies.ts';
import { newDirectory, OPENER, operator, PERMIT_ALL } from '../../support/test-gateway.ts';

const { devices, users, policies, batch, indicators, cid } = SEED;

const POLICIES = `
@id("seen") @title("No host is taken out of sight.")
forbid(principal, action == Action::"crowdstrike.device.act", resource) when { context.effect.kind == "delete" };
@id("few") @title("Nothing is done to more than ten hosts at once.")
forbid(principal, action, resource) when { context.effect.count > 10 };`;

async function governed() {
  const simulator = await simulateCrowdstrike({ port: 0 });
  const baseDirectory = newDirectory();
  writeFileSync(join(baseDirectory, 'p.cedar'), `${PERMIT_ALL}\n${POLICIES}`);
  const config = parseConfig({ data: 'data', policies: ['p.cedar'] }, { file: 'test', baseDirectory });
  const { interlock } = await startGateway({
    config,
    connectors: [{ system: 'crowdstrike', connector: crowdstrike, settings: simulator.settings }],
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
    undo: () => interlock.undo(operator('root', ['administer']), workflow),
    run: (operation: string, input: JsonObject) => interlock.run(caller, { operation, input }),
    effects: () => simulator.audit().map(({ effect }) => effect),
  };
}

test('one path, four deeds: the policy about one of them lets the others through', async () => {
  const { run, effects } = await governed();
  const ids = [devices.laptop];
  expect(await run('crowdstrike.device.act', { action: 'hide_host', ids })).toMatchObject({
    decision: 'deny',
    reasons: [{ policy: 'seen' }],
  });
  expect(effects()).toEqual([]);
  expect(await run('crowdstrike.device.act', { action: 'contain', ids })).toMatchObject({
    decision: 'allow',
    outcome: { status: 'succeeded' },
  });
  expect(effects()).toEqual(['device.contain']);
});

const many = Array.from({ length: 11 }, (_, index) => index.toString(16).padStart(32, '0'));

test.each([
  ['more hosts than may be', 'device.act', { action: 'contain', ids: many }],
  ['a batch whose hosts are not named', 'batch.run', { batchId: batch, command: 'ps', commandLine: 'ps' }],
  ['a policy', 'prevention-policy.disable', { policyId: policies.windows }],
  ['indicators by a condition', 'indicator.delete-matching', { where: [{ field: 'type', value: 'domain' }] }],
  ['the token of every host', 'uninstall-token.reveal', { deviceId: 'MAINTENANCE', auditMessage: 'Repair' }],
])('%s: denied, and nothing is sent', async (_what, operation, input) => {
  const { run, effects } = await governed();
  expect(await run(`crowdstrike.${operation}`, input)).toMatchObject({
    decision: 'deny',
    reasons: [{ policy: 'few' }],
  });
  expect(effects()).toEqual([]);
});

test.each([
  ['a few hosts', 'device.act', { action: 'contain', ids: [devices.laptop, devices.server] }],
  [
    'hosts of a batch that are named',
    'batch.run',
    { batchId: batch, hostIds: [devices.laptop], command: 'ps', commandLine: 'ps' },
  ],
  ['one indicator', 'indicator.delete', { indicatorId: indicators.hash }],
  ['the token of one host', 'uninstall-token.reveal', { deviceId: devices.laptop, auditMessage: 'Repair' }],
])('%s: done', async (_what, operation, input) => {
  const { run, effects } = await governed();
  expect(await run(`crowdstrike.${operation}`, input)).toMatchObject({
    decision: 'allow',
    outcome: { status: 'succeeded' },
  });
  expect(effects()).not.toEqual([]);
});

test('a containment whose answer is lost is settled by the host’s status, and not sent again', async () => {
  const { run, simulator, effects } = await governed();
  simulator.fail({ when: 'after', answer: 'reset', call: 'POST /devices/entities/devices-actions' });
  const answer = await run('crowdstrike.device.act', { action: 'contain', ids: [devices.laptop] });
  expect(['unknown', 'succeeded']).toContain(answer.outcome?.status);
  expect(effects()).toEqual(['device.contain']);
});

test('taking the workflow back lifts the containment', async () => {
  const { run, undo, effects } = await governed();
  await run('crowdstrike.device.act', { action: 'contain', ids: [devices.laptop] });
  expect(await undo()).toMatchObject({ steps: [{ status: 'undone' }] });
  expect(effects()).toEqual(['device.contain', 'device.lift_containment']);
});

test('a role that somebody held before is not taken away with those that were granted', async () => {
  const { run } = await governed();
  const roleIds = ['falcon_console_guest', 'falcon_administrator'];
  expect(await run('crowdstrike.role.grant', { userUuid: users.ada, cid, roleIds })).toMatchObject({
    outcome: { status: 'succeeded', result: { changed: ['falcon_administrator'] } },
  });
});
