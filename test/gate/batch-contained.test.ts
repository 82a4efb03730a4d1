import { expect, test } from 'vitest';
import type { AnyConnector, AnyOperation, ProbeResult } from '../../src/connector/contract.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { testClock } from '../support/test-clock.ts';
import { operator } from '../support/test-gateway.ts';
import { batchConnector } from './batch-connector.ts';
import type { DeskSystem } from './desk-connector.ts';
import { type Actor, signalWorld } from './signals-world.ts';

const FINANCE = operator('fred', ['approve'], ['finance']);
const ADMIN = operator('root', ['administer', 'open']);

interface Part {
  readonly operation: string;
  readonly input: JsonObject;
}
const set = (name: string): Part => ({ operation: 'desk.flag.set', input: { name } });
const pay = (to: string): Part => ({ operation: 'desk.transfer.create', input: { to, cents: 100 } });
const read = (id: string): Part => ({ operation: 'desk.document.read', input: { id } });
const readFlag = (name: string): Part => ({ operation: 'desk.flag.read', input: { name } });
const send = (actor: Actor, calls: readonly Part[], id?: string) =>
  actor.run('batch.execute', { calls: calls.map((call) => ({ ...call })) }, id);

const ASK = `@id("ask") @title("Finance approves transfers.") @unless("approval(finance)")
forbid(principal, action == Action::"desk.transfer.create", resource);`;

async function deskWorld(policies = '') {
  const world = await signalWorld({ policies, signals: '{}', connector: batchConnector });
  return { ...world, agent: await world.actor() };
}

/** A batch that has been allowed and hangs in its system until `arrive`. */
async function underWay(calls: readonly Part[], known?: Awaited<ReturnType<typeof deskWorld>>) {
  const world = known ?? (await deskWorld());
  const { promise, resolve: arrive } = Promise.withResolvers<void>();
  world.system.gate = promise;
  const answer = send(world.agent, calls, 'all');
  const detail = () => world.interlock.workflow(ADMIN, world.agent.workflow);
  await expect.poll(async () => (await detail()).open).toBeGreaterThan(0);
  return { ...world, answer, arrive, detail };
}

test('a batch that waits for a human when its workflow is frozen is never sent, approved or not', async () => {
  const { interlock, system, agent } = await deskWorld(ASK);
  const held = await send(agent, [set('a'), pay('bob')], 'all');
  await interlock.freeze(ADMIN, agent.workflow, true, 'odd');
  const [approval = ''] = held.approval?.ids ?? [];
  await interlock.answerApproval(FINANCE, approval, { answer: 'approve', reason: 'fine' });
  expect(await interlock.action(agent.caller, 'all', 5_000)).toMatchObject({
    decision: 'deny',
    code: 'WORKFLOW_FROZEN',
    parts: [{ decision: 'deny' }, { decision: 'deny' }],
  });
  expect(system.effects).toEqual([]);
  expect(await interlock.workflow(ADMIN, agent.workflow)).toMatchObject({
    open: 0,
    held: 0,
    counts: { update: 0, spend: 0 },
  });
});

test('a batch that is under way when its workflow is frozen is recorded part by part, and nothing follows it', async () => {
  const { interlock, system, agent, answer, arrive, detail } = await underWay([set('a'), pay('bob')]);
  await interlock.freeze(ADMIN, agent.workflow, true, 'odd');
  arrive();
  expect(await answer).toMatchObject({
    outcome: { status: 'succeeded' },
    parts: [{ outcome: { status: 'succeeded' } }, { outcome: { status: 'succeeded' } }],
  });
  expect(await send(agent, [set('b')])).toMatchObject({ decision: 'deny', code: 'WORKFLOW_FROZEN' });
  expect(system.effects).toEqual(['set a', 'transfer bob']);
  expect(await detail()).toMatchObject({ open: 0, counts: { update: 1, spend: 1 } });
});

test('a session whose batch was under way shares the fate of a quarantined record that one part read', async () => {
  const world = await deskWorld();
  const { interlock, agent } = world;
  const other = await world.actor({ workflow: agent.workflow });
  await other.run('document.read', { id: 'x' }, 'the-read');
  await other.run('flag.set', { name: 'f' });
  const { answer, arrive } = await underWay([set('a'), readFlag('f')], world);
  const found = await interlock.quarantine(ADMIN, agent.workflow, { action: 'the-read', reason: 'forged' });
  expect(found.sessions).toEqual([other.session]);
  expect(await world.interlock.workflow(ADMIN, agent.workflow)).toMatchObject({ open: 3 });
  arrive();
  await answer;
  expect(await send(agent, [set('b')])).toMatchObject({ decision: 'deny', code: 'QUARANTINED' });
});

test('a record that was written by one part of a batch is quarantined with the session that sent it', async () => {
  const { interlock, actor, agent, answer, arrive } = await underWay([set('a'), pay('bob')]);
  const other = await actor({ workflow: agent.workflow });
  await interlock.quarantine(ADMIN, agent.workflow, { session: agent.session, reason: 'odd' });
  arrive();
  await answer;
  expect(await send(other, [read('x'), set('a')])).toMatchObject({
    decision: 'deny',
    code: 'QUARANTINED',
    parts: [{ decision: 'deny' }, { decision: 'deny' }],
  });
  expect(await send(other, [read('x'), set('b')])).toMatchObject({ decision: 'allow' });
});

/** The desk, which takes a batch to do later and is asked what came of it. */
function slowConnector(system: DeskSystem, probe: () => ProbeResult): AnyConnector {
  const connector = batchConnector(system);
  const later = (operation: AnyOperation): AnyOperation =>
    operation.kind === 'read' || operation.batch === undefined
      ? operation
      : {
          ...operation,
          execute: async () => ({ status: 'accepted', handle: { job: '1' } }),
          probe: async (_, { handle }) => (handle?.['job'] === '1' ? probe() : { status: 'not-applied' }),
        };
  return {
    ...connector,
    connect: async (settings, environment) => {
      const connected = await connector.connect(settings as never, environment);
      return { ...connected, operations: connected.operations.map(later) };
    },
  };
}

async function accepted(probe: () => ProbeResult) {
  const clock = testClock();
  const connector = (system: DeskSystem) => slowConnector(system, probe);
  const { interlock, actor } = await signalWorld({ policies: '', signals: '{}', connector, clock });
  const agent = await actor();
  const first = await send(agent, [set('a'), pay('bob')], 'all');
  const detail = () => interlock.workflow(ADMIN, agent.workflow);
  return { first, detail, clock, action: () => interlock.action(agent.caller, 'all', 0) };
}

test('a batch that its system does later is open with every part until a read-back tells of each', async () => {
  let done = false;
  const answers = [{ status: 'succeeded' }, { status: 'failed' }];
  const { first, action, detail, clock } = await accepted(() =>
    done ? { status: 'applied', result: { answers } } : { status: 'running' },
  );
  const waiting = { outcome: { status: 'accepted' } };
  expect(first).toMatchObject({ ...waiting, parts: [waiting, waiting] });
  expect(await detail()).toMatchObject({ open: 3, counts: { update: 1, spend: 1 } });
  clock.advance(60_000);
  expect(await action()).toMatchObject({ ...waiting, parts: [waiting, waiting] });
  done = true;
  await expect
    .poll(async () => {
      clock.advance(60_000);
      return (await action()).outcome?.status;
    })
    .toBe('succeeded');
  expect(await action()).toMatchObject({
    parts: [{ outcome: { status: 'succeeded' } }, { outcome: { status: 'failed' } }],
  });
  expect(await detail()).toMatchObject({ open: 0, counts: { update: 1, spend: 0 } });
});

test('a batch of which its system shows nothing gives back what every part reserved', async () => {
  const { action, detail, clock } = await accepted(() => ({ status: 'not-applied' }));
  await expect
    .poll(async () => {
      clock.advance(60_000);
      return (await action()).outcome?.status;
    })
    .toBe('failed');
  expect(await action()).toMatchObject({
    parts: [{ outcome: { status: 'failed' } }, { outcome: { status: 'failed' } }],
  });
  expect(await detail()).toMatchObject({ open: 0, counts: { update: 0, spend: 0 } });
});
