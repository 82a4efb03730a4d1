import { describe, expect, test } from 'vitest';
import type { ExecutionResult } from '../../src/connector/contract.ts';
import type { Caller, Interlock } from '../../src/gate/interlock.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { OddSystem } from '../support/odd-connector.ts';
import { type TestClock, testClock } from '../support/test-clock.ts';
import { OPENER, operator, PERMIT_ALL, type TestGateway, testGateway } from '../support/test-gateway.ts';

const READ = { operation: 'odd.thing.read', input: {} };
const WRITE = { operation: 'odd.thing.write', input: {} };
const ADMIN = operator('root', ['administer', 'open']);

async function labelsOf({ interlock }: { readonly interlock: Interlock }, workflow: string, session: string) {
  const { sessions } = await interlock.workflow(ADMIN, workflow);
  return [...(sessions.find(({ id }) => id === session)?.labels ?? [])].sort();
}

/** A system whose calls end when and as the test says. */
function steered() {
  const odd = new OddSystem();
  const calls: ((result: ExecutionResult) => void)[] = [];
  odd.execute = () => new Promise((resolve) => calls.push(resolve));
  return { odd, calls, ended: (at: number, result: ExecutionResult) => calls[at]?.(result) };
}

const FAILED: ExecutionResult = { status: 'failed', code: 'EXECUTION_FAILED', detail: 'refused', exposed: false };
const FAILED_WITH_DATA: ExecutionResult = { ...FAILED, exposed: true };
const UNKNOWN: ExecutionResult = { status: 'unknown', code: 'EXECUTION_TIMEOUT', detail: 'cut off' };

describe('a label stays', () => {
  test('on an agent of whose two reads one fails, whichever ends first', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { odd, calls, ended } = steered();
      odd.labels = () => ['hr'];
      const gateway = await testGateway({ odd, log: createMemoryLog() });
      const { run, workflow, session } = await gateway.agent();
      const runs = [run({ id: 'a', ...READ }), run({ id: 'b', ...READ })];
      await expect.poll(() => calls.length).toBe(2);
      for (const at of order) {
        ended(at, at === 0 ? FAILED : { status: 'succeeded', result: {} });
        expect(await labelsOf(gateway, workflow, session)).toEqual(['hr']);
      }
      await Promise.all(runs);
      expect(await labelsOf(gateway, workflow, session)).toEqual(['hr']);
    }
  });

  test('where the refusal carried data, and goes only where nothing was shown', async () => {
    for (const [result, labels] of [
      [FAILED_WITH_DATA, ['hr']],
      [FAILED, []],
    ] as const) {
      const odd = new OddSystem();
      odd.labels = () => ['hr'];
      odd.execute = async () => result;
      const gateway = await testGateway({ odd, log: createMemoryLog() });
      const { run, workflow, session } = await gateway.agent();
      await run(READ);
      expect(await labelsOf(gateway, workflow, session)).toEqual(labels);
    }
  });

  test('of an outcome that was unknown for a while, also when a read-back finds that nothing happened', async () => {
    const clock = testClock();
    const odd = new OddSystem();
    odd.labels = () => ['hr'];
    odd.execute = async () => UNKNOWN;
    odd.probe = async () => ({ status: 'not-applied' });
    const gateway = await testGateway({ odd, clock, log: createMemoryLog() });
    const { run, caller, workflow, session } = await gateway.agent();
    await run({ id: 'w', ...WRITE });
    clock.advance(100);
    await expect.poll(async () => (await gateway.interlock.action(caller, 'w')).outcome?.status).toBe('failed');
    expect(await labelsOf(gateway, workflow, session)).toEqual(['hr']);
    expect((await gateway.interlock.workflow(caller, workflow)).labels).toEqual(['hr']);
  });

  test('on those who were told while the read was under way, whatever comes of it', async () => {
    const { odd, calls, ended } = steered();
    odd.labels = () => ['hr'];
    const gateway = await testGateway({ odd, log: createMemoryLog() });
    const { run, caller, workflow } = await gateway.agent();
    const other = await gateway.interlock.openSession(OPENER, workflow, { agent: 'other' });
    const reading = run(READ);
    await expect.poll(() => calls.length).toBe(1);
    await gateway.interlock.message(caller, workflow, { to: other.session, kind: 'message' });
    ended(0, { status: 'succeeded', result: {} });
    await reading;
    expect(await labelsOf(gateway, workflow, other.session)).toEqual(['hr']);
  });

  test('when it is endorsed away while a further read is under way', async () => {
    const { odd, calls, ended } = steered();
    odd.labels = () => ['hr'];
    const gateway = await testGateway({ odd, log: createMemoryLog() });
    const { run, workflow, session } = await gateway.agent();
    const reading = run(READ);
    await expect.poll(() => calls.length).toBe(1);
    await gateway.interlock.endorse(ADMIN, workflow, { session, label: 'hr', reason: 'looked at' });
    expect(await labelsOf(gateway, workflow, session)).toEqual([]);
    ended(0, { status: 'succeeded', result: {} });
    await reading;
    expect(await labelsOf(gateway, workflow, session)).toEqual(['hr']);
  });

  test('when a record that is being read is written by an exposed agent before the answer comes', async () => {
    const { odd, calls, ended } = steered();
    const gateway = await testGateway({ odd, log: createMemoryLog() });
    const reader = await gateway.agent();
    const { token } = await gateway.interlock.openSession(OPENER, reader.workflow, { agent: 'writer' });
    const writer = await gateway.interlock.authenticate(token);
    gateway.system.notes.set('hr-1', 'pay');
    await gateway.interlock.run(writer, { operation: 'notes.note.read', input: { id: 'hr-1' } });
    const reading = reader.run(READ);
    await expect.poll(() => calls.length).toBe(1);
    const writing = gateway.interlock.run(writer, WRITE);
    await expect.poll(() => calls.length).toBe(2);
    ended(1, { status: 'succeeded', result: {} });
    await writing;
    ended(0, { status: 'succeeded', result: {} });
    await reading;
    expect(await labelsOf(gateway, reader.workflow, reader.session)).toEqual(['hr']);
  });

  test('of a read that a human had to approve, the ones found in its result too', async () => {
    const policies = `${PERMIT_ALL} @id("ask") @title("Asks.") @unless("approval(security)") forbid(principal, action == Action::"odd.thing.read", resource);`;
    const odd = new OddSystem();
    odd.labels = () => ['hr'];
    odd.resultLabels = () => ['untrusted'];
    const gateway = await testGateway({ odd, policies, log: createMemoryLog() });
    const { run, caller, workflow, session } = await gateway.agent();
    const held = await run({ id: 'r', ...READ });
    expect(await labelsOf(gateway, workflow, session)).toEqual([]);
    const grace = operator('grace', ['approve'], ['security']);
    await gateway.interlock.answerApproval(grace, held.approval?.ids[0] ?? '', { answer: 'approve', reason: '' });
    await gateway.interlock.action(caller, 'r', 5_000);
    expect(await labelsOf(gateway, workflow, session)).toEqual(['hr', 'untrusted']);
  });
});

describe('an agent that executes itself is exposed as one whose actions Interlock executes', () => {
  type Settle = (gateway: TestGateway, caller: Caller, clock: TestClock) => Promise<unknown>;
  const reporting =
    (outcome: Parameters<Interlock['settle']>[2]): Settle =>
    ({ interlock }, caller) =>
      interlock.settle(caller, 'd', outcome);
  const expiring: Settle = async ({ interlock }, caller, clock) => {
    clock.advance(60_000);
    await expect.poll(async () => (await interlock.action(caller, 'd')).state).toBe('completed');
  };
  const SETTLED: readonly (readonly [string, Settle, readonly string[]])[] = [
    ['as succeeded without showing the result', reporting({ status: 'succeeded' }), ['hr', 'untrusted']],
    ['as unknown', reporting({ status: 'unknown' }), ['hr', 'untrusted']],
    ['as failed, by its own word', reporting({ status: 'failed' }), ['hr']],
    ['as failed, with a text', reporting({ status: 'failed', detail: 'x' }), ['hr']],
    ['never', expiring, ['hr', 'untrusted']],
    [
      'late, as failed',
      async (gateway, caller, clock) => {
        await expiring(gateway, caller, clock);
        await gateway.interlock.settle(caller, 'd', { status: 'failed' });
      },
      ['hr', 'untrusted'],
    ],
  ];

  test.each(SETTLED)('when it settles %s', async (_how, settle, labels) => {
    const clock = testClock();
    const odd = new OddSystem();
    odd.labels = () => ['hr'];
    odd.resultLabels = () => ['untrusted'];
    const gateway = await testGateway({ odd, clock, log: createMemoryLog() });
    const { caller, workflow, session } = await gateway.agent();
    await gateway.interlock.decide(caller, { id: 'd', ...READ });
    await settle(gateway, caller, clock);
    expect(await labelsOf(gateway, workflow, session)).toEqual(labels);
  });

  test('and where it shows the result, exactly to what is in it', async () => {
    const gateway = await testGateway({ log: createMemoryLog() });
    const { caller, workflow, session } = await gateway.agent();
    await gateway.interlock.decide(caller, { id: 'd', ...READ });
    await gateway.interlock.settle(caller, 'd', { status: 'succeeded', result: { text: 'fine' } });
    expect(await labelsOf(gateway, workflow, session)).toEqual([]);
  });
});

describe('what a workflow carries on', () => {
  test('reaches the one that continues it, reads under way included', async () => {
    const { odd, calls } = steered();
    odd.labels = () => ['hr'];
    const gateway = await testGateway({ odd, log: createMemoryLog() });
    const { run, workflow } = await gateway.agent();
    void run(READ);
    await expect.poll(() => calls.length).toBe(1);
    const next = await gateway.agent({ continues: workflow });
    expect(await labelsOf(gateway, next.workflow, next.session)).toEqual(['hr']);
    for (const end of calls) end(FAILED);
  });

  test('cannot be left behind by continuing a workflow that is frozen', async () => {
    const gateway = await testGateway({ log: createMemoryLog() });
    const { workflow } = await gateway.agent();
    await gateway.interlock.freeze(ADMIN, workflow, true, 'stop');
    await expect(
      gateway.interlock.open(OPENER, { onBehalfOf: { id: 'ada' }, continues: workflow }),
    ).rejects.toMatchObject({ code: 'WORKFLOW_FROZEN' });
  });
});

describe('a revoked session', () => {
  test('tells nobody anything any more, also with a caller that was authenticated before', async () => {
    const gateway = await testGateway({ log: createMemoryLog() });
    const { caller, workflow, session } = await gateway.agent();
    const other = await gateway.interlock.openSession(OPENER, workflow, { agent: 'other' });
    const message = () => gateway.interlock.message(caller, workflow, { to: other.session, kind: 'message' });
    await message();
    await gateway.interlock.revokeSession(ADMIN, workflow, session, 'stop');
    await expect(message()).rejects.toMatchObject({ code: 'SESSION_REVOKED' });
  });
});
