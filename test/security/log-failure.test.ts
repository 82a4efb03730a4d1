import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { LiveEvent } from '../../src/gate/answers.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { createSqliteLog } from '../../src/workflow/sqlite-log/create-sqlite-log.ts';
import { failingLog, isOfType } from '../support/failing-log.ts';
import { OddSystem } from '../support/odd-connector.ts';
import { testClock } from '../support/test-clock.ts';
import { newDirectory, OPENER, operator, PERMIT_ALL, testGateway } from '../support/test-gateway.ts';

const ASK = `${PERMIT_ALL}
@id("ask") @title("Asks.") @unless("approval(security, within: 10m)")
forbid(principal, action == Action::"notes.note.send", resource);`;
const SEND = { id: 'send-1', operation: 'notes.note.send', input: { id: 'n1', to: 'x@example.com' } };
const WRITE = { id: 'w', operation: 'notes.note.write', input: { id: 'n1', text: 'x' } };
const GRACE = operator('grace', ['approve'], ['security']);
const ROOT = operator('root');
const YES = { answer: 'approve', reason: 'fine' } as const;
const HOW = ['refuse', 'lose'] as const;

describe('a full disk', () => {
  const MAX_BYTES = 1_000_000;

  /** A log on a file that cannot grow any more until the ballast in it is thrown out. */
  async function nearlyFull() {
    const file = join(newDirectory(), 'log.sqlite');
    await (await createSqliteLog({ file, synchronous: 'off' })).close();
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE ballast (bytes BLOB)');
    const log = await createSqliteLog({ file, synchronous: 'off', maxBytes: MAX_BYTES });
    onTestFinished(() => other.close());
    return {
      log,
      fill: () => other.exec('INSERT INTO ballast VALUES (zeroblob(950000))'),
      free: () => other.exec('DELETE FROM ballast'),
    };
  }

  test('refuses decisions, is told by readiness, and is over when there is room again, without anyone asking', async () => {
    const { log, fill, free } = await nearlyFull();
    const { agent, interlock, system } = await testGateway({ log });
    const { run } = await agent();
    await interlock.ready();
    fill();
    const text = 'x'.repeat(200_000);
    const call = { ...WRITE, input: { id: 'n1', text } };
    await expect(run(call)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    expect(system.effects).toEqual([]);
    await expect(interlock.ready()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    await expect(interlock.ready()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    free();
    await interlock.ready();
    expect(await run(call)).toMatchObject({ decision: 'allow', outcome: { status: 'succeeded' } });
    expect(system.effects).toEqual(['write n1']);
  });
});

describe.each(HOW)('a log that fails (%s)', (how) => {
  test('at the decision: nothing happens, and the same call can be made again', async () => {
    const log = failingLog(createMemoryLog());
    const { agent, system } = await testGateway({ log });
    const { run } = await agent();
    log.fail = { how, when: isOfType('action.decided') };
    const failed = await Promise.allSettled([run(WRITE), run(WRITE), run({ ...WRITE, id: 'w2' })]);
    for (const one of failed) expect(one).toMatchObject({ status: 'rejected', reason: { code: 'LOG_UNAVAILABLE' } });
    expect(system.effects).toEqual([]);
    log.fail = undefined;
    expect(await run(WRITE)).toMatchObject({ decision: 'allow', outcome: { status: 'succeeded' } });
    expect(system.effects).toEqual(['write n1']);
  });

  test('at the outcome: it is not answered before it is recorded, and not lost', async () => {
    const clock = testClock();
    const log = failingLog(createMemoryLog());
    const { agent, interlock, system } = await testGateway({ log, clock });
    const { run, caller } = await agent();
    log.fail = { how, when: isOfType('action.completed') };
    let answered = false;
    const answer = run(WRITE).finally(() => {
      answered = true;
    });
    await expect.poll(() => log.failures).toBe(1);
    clock.advance(50);
    await expect.poll(() => log.failures).toBe(2);
    expect({ answered, effects: system.effects }).toEqual({ answered: false, effects: ['write n1'] });
    expect(await interlock.action(caller, 'w')).toMatchObject({ state: 'executing' });
    log.fail = undefined;
    clock.advance(100);
    expect(await answer).toMatchObject({ outcome: { status: 'succeeded', result: { ok: true } } });
    expect(system.effects).toEqual(['write n1']);
  });

  test('at the answer of a human: the approval stays open, and can be answered again', async () => {
    const log = failingLog(createMemoryLog());
    const { agent, interlock, system } = await testGateway({ log, policies: ASK });
    const { run, caller } = await agent();
    const approval = (await run(SEND)).approval?.ids[0] ?? '';
    log.fail = { how, when: isOfType('approval.answered') };
    await expect(interlock.answerApproval(GRACE, approval, YES)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    expect(await interlock.approvals(GRACE)).toMatchObject([{ id: approval, state: 'pending' }]);
    log.fail = undefined;
    await interlock.answerApproval(GRACE, approval, YES);
    expect(await interlock.action(caller, SEND.id, 5_000)).toMatchObject({ outcome: { status: 'succeeded' } });
    expect(system.effects).toEqual(['send n1']);
  });

  test('at the report of a caller that executed itself: it is recorded when the log is back', async () => {
    const clock = testClock();
    const log = failingLog(createMemoryLog());
    const { agent, interlock } = await testGateway({ log, clock });
    const { caller } = await agent();
    await interlock.decide(caller, WRITE);
    log.fail = { how, when: isOfType('action.completed') };
    const settled = interlock.settle(caller, 'w', { status: 'succeeded', result: { ok: true } });
    await expect.poll(() => log.failures).toBe(1);
    log.fail = undefined;
    clock.advance(50);
    expect(await settled).toMatchObject({ outcome: { status: 'succeeded' } });
  });

  test('while somebody waits for an action of the workflow: the wait goes on to its end', async () => {
    const clock = testClock();
    const log = failingLog(createMemoryLog());
    const { agent, interlock } = await testGateway({ log, policies: ASK, clock });
    const { run, caller } = await agent();
    const approval = (await run(SEND)).approval?.ids[0] ?? '';
    const waiting = interlock.action(caller, SEND.id, 60_000);
    log.fail = { how, when: isOfType('action.decided') };
    await expect(run(WRITE)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    log.fail = undefined;
    await interlock.answerApproval(GRACE, approval, YES);
    expect(await waiting).toMatchObject({ outcome: { status: 'succeeded' } });
  });

  test('when the gateway closes: it does not wait for ever, and the next one records what is not known', async () => {
    const inner = createMemoryLog();
    const log = failingLog({ ...inner, close: async () => undefined });
    const before = await testGateway({ log });
    const { run, caller } = await before.agent();
    log.fail = { how, when: isOfType('action.completed') };
    const answer = run(WRITE);
    await expect.poll(() => log.failures).toBeGreaterThan(0);
    await Promise.all([before.interlock.close(), expect(answer).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })]);
    const after = await testGateway({ log: inner, system: before.system });
    expect(await after.interlock.action(caller, 'w', 5_000)).toMatchObject({ outcome: { status: 'succeeded' } });
    expect(before.system.effects).toEqual(['write n1']);
  });

  test('when the next one starts: it starts, and takes up what was left as soon as it can', async () => {
    const clock = testClock();
    const inner = createMemoryLog();
    const odd = new OddSystem();
    odd.execute = () => new Promise(() => undefined);
    const clockBefore = testClock();
    const before = await testGateway({ log: { ...inner, close: async () => undefined }, odd, clock: clockBefore });
    const { run, caller } = await before.agent();
    const running = run({ id: 'o', operation: 'odd.thing.write', input: {} });
    await expect.poll(() => odd.executions).toBe(1);
    const log = failingLog(inner);
    log.fail = { how, when: isOfType('action.completed') };
    const after = await testGateway({ log, odd, clock });
    expect(await after.interlock.action(caller, 'o')).toMatchObject({ state: 'executing' });
    log.fail = undefined;
    clock.advance(5_000);
    await expect
      .poll(() => after.interlock.action(caller, 'o'))
      .toMatchObject({ outcome: { status: 'unknown', code: 'OUTCOME_UNKNOWN' } });
    clockBefore.advance(30_000);
    await running;
  });
});

describe('one part that fails', () => {
  test('a workflow that cannot be read is alarmed, and the gateway starts for all others', async () => {
    const inner = createMemoryLog();
    const before = await testGateway({ log: inner, policies: ASK });
    const broken = await before.agent();
    await broken.run(SEND);
    const whole = await before.agent();
    const held = await whole.run(SEND);
    const log = {
      ...inner,
      read: async (...args: Parameters<typeof inner.read>) => {
        const events = await inner.read(...args);
        return args[0].workflow === broken.workflow
          ? events.map((event) => ({ ...event, payload: undefined }))
          : events;
      },
    };
    const after = await testGateway({ log, policies: ASK, system: before.system });
    await after.interlock.answerApproval(GRACE, held.approval?.ids[0] ?? '', YES);
    await expect.poll(() => before.system.effects).toEqual(['send n1']);
    await expect(after.interlock.run(broken.caller, WRITE)).rejects.toMatchObject({ code: 'LOG_BROKEN' });
    await expect(after.interlock.workflow(OPENER, broken.workflow)).rejects.toMatchObject({ code: 'LOG_BROKEN' });
  });

  test('a listener that throws is heard of no more, and neither ends the gateway nor keeps events from others', async () => {
    const { agent, interlock } = await testGateway({ log: createMemoryLog() });
    let calls = 0;
    interlock.watch(ROOT, () => {
      calls += 1;
      throw new Error('a bug in the listener');
    });
    const seen: LiveEvent[] = [];
    interlock.watch(ROOT, (event) => seen.push(event));
    const { run } = await agent();
    expect(await run(WRITE)).toMatchObject({ outcome: { status: 'succeeded' } });
    expect(calls).toBe(1);
    expect(seen.map(({ type }) => type)).toEqual([
      'workflow.opened',
      'session.opened',
      'action.decided',
      'action.completed',
    ]);
  });

  test('a gateway that closes begins nothing any more, and ends what it has begun', async () => {
    const odd = new OddSystem();
    const call = Promise.withResolvers<void>();
    odd.execute = async () => {
      await call.promise;
      return { status: 'succeeded', result: {} };
    };
    const { agent, interlock } = await testGateway({ odd, log: createMemoryLog() });
    const { run } = await agent();
    const begun = run({ operation: 'odd.thing.write', input: {} });
    await expect.poll(() => odd.executions).toBe(1);
    const closed = interlock.close();
    await expect(run(WRITE)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    call.resolve();
    expect(await begun).toMatchObject({ outcome: { status: 'succeeded' } });
    await closed;
    expect(odd.executions).toBe(1);
  });
});
