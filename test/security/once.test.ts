import { describe, expect, test } from 'vitest';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { failingLog, isOfType } from '../support/failing-log.ts';
import { OddSystem } from '../support/odd-connector.ts';
import { testClock } from '../support/test-clock.ts';
import { OPENER, operator, PERMIT_ALL, testGateway } from '../support/test-gateway.ts';

const WRITE = { id: 'w', operation: 'odd.thing.write', input: { text: 'x' } };

describe('one action id has one effect', () => {
  test('however often the call is made at once, and all are answered alike', async () => {
    const odd = new OddSystem();
    const call = Promise.withResolvers<void>();
    odd.execute = async () => {
      await call.promise;
      return { status: 'succeeded', result: { n: odd.executions } };
    };
    const { agent } = await testGateway({ odd, log: createMemoryLog() });
    const { run } = await agent();
    const answers = Array.from({ length: 300 }, () => run(WRITE));
    await expect.poll(() => odd.executions).toBe(1);
    call.resolve();
    for (const answer of await Promise.all(answers))
      expect(answer).toMatchObject({ id: 'w', decision: 'allow', outcome: { status: 'succeeded', result: { n: 1 } } });
    expect(odd.executions).toBe(1);
  });

  test('also when the process ended in between, wherever: what may have happened is not tried again', async () => {
    for (const failsAt of ['action.decided', 'action.completed'] as const) {
      const inner = createMemoryLog();
      const log = failingLog({ ...inner, close: async () => undefined });
      const odd = new OddSystem();
      const before = await testGateway({ log, odd });
      const { run, caller } = await before.agent();
      log.fail = { how: 'lose', when: isOfType(failsAt) };
      const lost = run(WRITE).catch(({ code }: { code: string }) => code);
      await expect.poll(() => log.failures).toBeGreaterThan(0);
      await before.interlock.close();
      expect(await lost).toBe('LOG_UNAVAILABLE');
      const clock = testClock(Date.now());
      const after = await testGateway({ log: inner, odd, clock });
      const answer = await after.interlock.run(caller, WRITE);
      expect(answer.outcome?.status).toBe(failsAt === 'action.decided' ? 'succeeded' : 'unknown');
      expect(odd.executions).toBe(1);
    }
  });

  test('whichever way it is asked for: deciding and running are different calls', async () => {
    const { agent, interlock, odd } = await testGateway({ log: createMemoryLog() });
    const { run, caller } = await agent();
    await interlock.decide(caller, WRITE);
    await expect(run(WRITE)).rejects.toMatchObject({ code: 'ACTION_ID_REUSED' });
    await run({ ...WRITE, id: 'r' });
    await expect(interlock.decide(caller, { ...WRITE, id: 'r' })).rejects.toMatchObject({ code: 'ACTION_ID_REUSED' });
    await expect(interlock.settle(caller, 'r', { status: 'failed' })).rejects.toMatchObject({ code: 'PERMIT_USED' });
    expect(odd.executions).toBe(1);
  });

  test('and a refused one stays refused, also when the policies would allow it now', async () => {
    const deny = `${PERMIT_ALL} @id("late") @title("Late.") forbid(principal, action, resource) when { context.workflow.actions < 1 };`;
    const { agent, odd } = await testGateway({ policies: deny, log: createMemoryLog() });
    const { run } = await agent();
    expect(await run(WRITE)).toMatchObject({ decision: 'deny' });
    expect(await run(WRITE)).toMatchObject({ decision: 'deny', state: 'denied' });
    expect(odd.executions).toBe(0);
  });
});

describe('a permit is used once', () => {
  test('however many report at once', async () => {
    const { agent, interlock } = await testGateway({ log: createMemoryLog() });
    const { caller, workflow } = await agent({ limits: { update: 1 } });
    await interlock.decide(caller, WRITE);
    const reports = await Promise.allSettled(
      Array.from({ length: 60 }, (_, at) =>
        interlock.settle(caller, 'w', { status: at % 2 === 0 ? 'succeeded' : 'failed' }),
      ),
    );
    const used = reports.filter(({ status }) => status === 'fulfilled');
    expect(used).toHaveLength(1);
    for (const report of reports)
      if (report.status === 'rejected') expect(report.reason).toMatchObject({ code: 'PERMIT_USED' });
    const { outcome } = await interlock.action(caller, 'w');
    const spent = outcome?.status === 'failed' ? 0 : 1;
    expect((await interlock.workflow(caller, workflow)).counts.update).toBe(spent);
  });

  test('also after it has expired: told once late, the truth replaces what was not known', async () => {
    const clock = testClock();
    const { agent, interlock } = await testGateway({ clock, log: createMemoryLog() });
    const { caller, workflow } = await agent({ limits: { update: 1 } });
    await interlock.decide(caller, WRITE);
    clock.advance(60_000);
    await expect.poll(async () => (await interlock.action(caller, 'w')).outcome?.status).toBe('unknown');
    expect(await interlock.decide(caller, { ...WRITE, id: 'w2' })).toMatchObject({ code: 'LIMIT_REACHED' });
    const executor = operator('executor', ['act']);
    await interlock.settle(executor, 'w', { status: 'failed' }, workflow);
    await expect(interlock.settle(caller, 'w', { status: 'succeeded' })).rejects.toMatchObject({ code: 'PERMIT_USED' });
    expect((await interlock.workflow(caller, workflow)).counts.update).toBe(0);
    expect(await interlock.decide(caller, { ...WRITE, id: 'w3' })).toMatchObject({ decision: 'allow' });
  });

  test('and by nobody but its session', async () => {
    const { agent, interlock } = await testGateway({ log: createMemoryLog() });
    const { caller, workflow } = await agent();
    const { token } = await interlock.openSession(OPENER, workflow, { agent: 'other' });
    const other = await interlock.authenticate(token);
    await interlock.decide(caller, WRITE);
    for (const act of [
      interlock.settle(other, 'w', { status: 'failed' }),
      interlock.action(other, 'w'),
      interlock.explain(other, 'w'),
    ])
      await expect(act).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await interlock.action(caller, 'w')).toMatchObject({ state: 'permitted' });
  });
});

test('every effect has a decision before it, and every decision that allowed has an outcome after it', async () => {
  const log = createMemoryLog();
  const odd = new OddSystem();
  const decided: boolean[] = [];
  let workflow = '';
  odd.execute = async (_input, { actionId }) => {
    const events = await log.read({ tenant: 'acme', workflow });
    const decisions = events.filter(({ type, payload }) => type === 'action.decided' && payload?.includes('"allow"'));
    const outcomes = events.filter(({ type }) => type === 'action.completed');
    decided.push(decisions.length > outcomes.length && actionId.startsWith('il-'));
    if (odd.executions % 3 === 0) throw new Error('a bug');
    return { status: 'succeeded', result: {} };
  };
  const { agent, interlock } = await testGateway({ odd, log });
  const { run, caller, ...rest } = await agent({ limits: { update: 20 } });
  workflow = rest.workflow;
  await Promise.all(Array.from({ length: 50 }, () => run({ operation: 'odd.thing.write', input: {} })));
  expect(decided).toHaveLength(20);
  expect(decided.every(Boolean)).toBe(true);
  const { actions } = await interlock.workflow(caller, workflow);
  expect(actions.filter(({ decision }) => decision === 'allow').every(({ outcome }) => outcome !== undefined)).toBe(
    true,
  );
  expect(actions.filter(({ decision }) => decision === 'deny')).toHaveLength(30);
});
