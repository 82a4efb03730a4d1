import { describe, expect, test } from 'vitest';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { failingLog, isOfType } from '../support/failing-log.ts';
import { testClock } from '../support/test-clock.ts';
import { operator, PERMIT_ALL, testGateway } from '../support/test-gateway.ts';

const HOUR = 3_600_000;
const SEND = { id: 'send-1', operation: 'notes.note.send', input: { id: 'n1', to: 'x@example.com' } };
const policies = (unless: string): string =>
  `${PERMIT_ALL} @id("wait") @title("Waits.") @unless("${unless}") forbid(principal, action == Action::"notes.note.send", resource);`;

describe('a held action finishes', () => {
  test('although its timer fires before its time by the clock', async () => {
    const clock = testClock();
    const { agent, interlock } = await testGateway({ policies: policies('delay(60s)'), clock, log: createMemoryLog() });
    const { run, caller } = await agent();
    await run(SEND);
    clock.advance(59_999);
    clock.fireEarly(1);
    expect(await interlock.action(caller, SEND.id)).toMatchObject({ state: 'held' });
    clock.advance(1);
    await expect
      .poll(() => {
        clock.advance(100);
        return interlock.action(caller, SEND.id);
      })
      .toMatchObject({ decision: 'allow', outcome: { status: 'succeeded' } });
  });

  test('at its time, although it was decided anew shortly before', async () => {
    const clock = testClock();
    const asked = ['security', 'finance'].map(
      (group) =>
        `@id("${group}") @title("Asks.") @unless("approval(${group}, within: 60s)") forbid(principal, action == Action::"notes.note.send", resource);`,
    );
    const { agent, interlock } = await testGateway({ policies: [PERMIT_ALL, ...asked].join('\n'), clock });
    const { run, caller } = await agent();
    await run(SEND);
    clock.advance(59_999);
    const approver = operator('grace', ['approve'], ['security', 'finance']);
    const [first] = await interlock.approvals(approver);
    await interlock.answerApproval(approver, first?.id ?? '', { answer: 'approve', reason: 'fine' });
    const action = () => interlock.action(caller, SEND.id);
    await expect.poll(async () => (await action()).approval?.groups).toHaveLength(1);
    clock.advance(1);
    await expect.poll(action).toMatchObject({ decision: 'deny', code: 'APPROVAL_EXPIRED' });
  });

  test.each(['delay(60s)', 'approval(security, within: 60s)'])(
    'although the clock is set back (%s)',
    async (unless) => {
      const clock = testClock();
      const { agent, interlock, system } = await testGateway({
        policies: policies(unless),
        clock,
        log: createMemoryLog(),
      });
      const { run, caller } = await agent();
      await run(SEND);
      clock.set(clock.now() - HOUR);
      clock.advance(60_000);
      expect(await interlock.action(caller, SEND.id)).toMatchObject({ state: 'held' });
      await expect
        .poll(async () => {
          clock.advance(HOUR);
          return (await interlock.action(caller, SEND.id)).state;
        })
        .toMatch(/denied|completed/);
      expect(system.effects).toHaveLength(unless.startsWith('delay') ? 1 : 0);
    },
  );

  test.each(['refuse', 'lose'] as const)('although the log fails (%s) when its time has come', async (how) => {
    const clock = testClock();
    const log = failingLog(createMemoryLog());
    const gateway = await testGateway({ policies: policies('approval(security, within: 60s)'), clock, log });
    const { run, caller } = await gateway.agent();
    await run(SEND);
    log.fail = { how, when: isOfType('action.decided') };
    clock.advance(60_000);
    await expect.poll(() => log.failures).toBe(1);
    log.fail = undefined;
    clock.advance(5_000);
    await expect
      .poll(() => gateway.interlock.action(caller, SEND.id))
      .toMatchObject({ decision: 'deny', code: 'APPROVAL_EXPIRED' });
  });
});

test('time in the log never goes back, whatever the clock does', async () => {
  const clock = testClock();
  const log = createMemoryLog();
  const { agent, interlock } = await testGateway({ clock, log });
  const { run, workflow } = await agent();
  for (const jump of [-HOUR, 5, -1, HOUR, -2 * HOUR]) {
    clock.set(clock.now() + jump);
    await run({ operation: 'notes.note.read', input: { id: 'n1' } });
  }
  const times = (await log.read({ tenant: 'acme', workflow })).map(({ at }) => at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect((await interlock.workflows(operator('root')))[0]?.lastEventAt).toBe(times.at(-1));
});

test('an approval that has expired by the log’s time stays expired when the clock is set back', async () => {
  const clock = testClock();
  const gateway = await testGateway({
    policies: policies('approval(security, within: 60s)'),
    clock,
    log: createMemoryLog(),
  });
  const { run } = await gateway.agent();
  const approval = (await run(SEND)).approval?.ids[0] ?? '';
  const asked = clock.now();
  clock.set(asked + HOUR);
  await run({ operation: 'notes.note.read', input: { id: 'n1' } });
  clock.set(asked);
  const answer = { answer: 'approve', reason: 'late' } as const;
  await expect(
    gateway.interlock.answerApproval(operator('grace', ['approve'], ['security']), approval, answer),
  ).rejects.toMatchObject({ code: 'APPROVAL_EXPIRED' });
});
