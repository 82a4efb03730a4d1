import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SEED } from '../../connectors/okta/simulator/seed.ts';
import type { Caller, Interlock } from '../../src/gate/interlock.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { startSimulators } from '../../src/runtime/start-simulators.ts';
import { newDirectory, OPENER, operator, PERMIT_ALL } from '../support/test-gateway.ts';

const ADMIN = operator('root', ['administer', 'open']);
const NO_UNSUSPEND = `@id("stay") @title("Nobody is let in again by an agent.")
forbid(principal, action == Action::"okta.user.unsuspend", resource);`;

/** A gateway over the simulated Okta and ServiceNow, and one agent. */
async function governed(policies = PERMIT_ALL) {
  const baseDirectory = newDirectory();
  writeFileSync(join(baseDirectory, 'p.cedar'), policies);
  const connectors = { okta: { use: 'okta', simulate: true }, servicenow: { use: 'servicenow', simulate: true } };
  const config = parseConfig({ data: 'data', policies: ['p.cedar'], connectors }, { file: 'test', baseDirectory });
  const simulated = await startSimulators(config);
  const { interlock } = await startGateway({
    config,
    connectors: simulated.map(({ instance }) => instance),
    logger: createLogger('silent'),
  });
  onTestFinished(async () => {
    await interlock.close();
    await Promise.all(simulated.map(({ simulator }) => simulator.close()));
  });
  const { id: workflow } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' } });
  const { token } = await interlock.openSession(OPENER, workflow, { agent: 'helper' });
  const effects = () => simulated.flatMap(({ simulator }) => simulator.audit().map(({ effect }) => effect));
  return { interlock, workflow, agent: await interlock.authenticate(token), effects };
}

async function suspendAndReport(interlock: Interlock, agent: Caller) {
  const acts = [
    { id: 'suspend', operation: 'okta.user.suspend', input: { userId: SEED.users.alan } },
    { id: 'ticket', operation: 'servicenow.incident.create', input: { short_description: 'Suspended Alan' } },
    { id: 'read', operation: 'okta.user.get', input: { userId: SEED.users.alan } },
  ];
  for (const act of acts) expect(await interlock.run(agent, act)).toMatchObject({ outcome: { status: 'succeeded' } });
}

test('a workflow is taken back in reverse order, each step an action of its own, and only once', async () => {
  const { interlock, workflow, agent, effects } = await governed();
  await suspendAndReport(interlock, agent);
  const before = effects().length;
  const { steps } = await interlock.undo(ADMIN, workflow);
  expect(steps.map(({ action, status }) => [action, status])).toEqual([
    ['ticket', 'undone'],
    ['suspend', 'undone'],
  ]);
  expect(effects().length - before).toBe(2);
  expect(await interlock.run(agent, { operation: 'okta.user.get', input: { userId: SEED.users.alan } })).toMatchObject({
    outcome: { result: { status: 'ACTIVE' } },
  });
  const again = await interlock.undo(ADMIN, workflow);
  expect(again.steps.map(({ status }) => status)).toEqual(['undone', 'undone']);
  expect(effects().length - before).toBe(2);
});

test('a step that a policy forbids is refused and reported, and the others are taken back', async () => {
  const { interlock, workflow, agent } = await governed(PERMIT_ALL + NO_UNSUSPEND);
  await suspendAndReport(interlock, agent);
  const { steps } = await interlock.undo(ADMIN, workflow);
  expect(steps).toMatchObject([
    { action: 'ticket', status: 'undone' },
    { action: 'suspend', status: 'refused', by: 'okta.user.unsuspend', detail: 'Nobody is let in again by an agent.' },
  ]);
});

test('what nothing takes back is reported with the reason', async () => {
  const { interlock, workflow, agent } = await governed();
  const deactivate = { operation: 'okta.user.deactivate', input: { userId: SEED.users.alan } };
  expect(await interlock.run(agent, deactivate)).toMatchObject({ decision: 'allow' });
  const { steps } = await interlock.undo(ADMIN, workflow);
  expect(steps).toMatchObject([{ operation: 'okta.user.deactivate', status: 'impossible' }]);
});

test('an agent may not undo, and another tenant finds nothing', async () => {
  const { interlock, workflow, agent } = await governed();
  await expect(interlock.undo(agent, workflow)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(interlock.undo({ ...ADMIN, tenant: 'other' }, workflow)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
