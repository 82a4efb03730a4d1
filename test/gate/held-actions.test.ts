import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/lib/clock.ts';
import { NoteSystem } from '../support/notes-connector.ts';
import { newDirectory, OPENER, operator, PERMIT_ALL, testGateway } from '../support/test-gateway.ts';

const POLICIES = `${PERMIT_ALL}
@id("ask") @title("Sending needs a yes from security.") @unless("approval(security, within: 10m)")
forbid(principal, action == Action::"notes.note.send", resource);`;
const SEND = { id: 'send-1', operation: 'notes.note.send', input: { id: 'n1', to: 'x@example.com' } };
const APPROVER = operator('grace', ['approve'], ['security']);
const YES = { answer: 'approve', reason: 'It is fine.' } as const;

/** A clock that tests set; timers fire when it passes them. */
function testClock(): Clock & { advance(ms: number): void } {
  let now = Date.UTC(2026, 0, 1);
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  return {
    now: () => now,
    after: (delayMs, callback) => {
      const timer = { at: now + delayMs, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: (ms) => {
      now += ms;
      for (const timer of [...timers]) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.callback();
      }
    },
  };
}

describe('a held action', () => {
  test('waits, is approved, is decided anew and executed; the approval is consumed', async () => {
    const { agent, interlock, system } = await testGateway({ policies: POLICIES });
    const { run, caller } = await agent();
    const held = await run(SEND);
    expect(held).toMatchObject({ decision: 'step_up', state: 'held', approval: { groups: ['security'] } });
    expect(system.effects).toEqual([]);
    const [pending] = await interlock.approvals(APPROVER);
    expect(pending).toMatchObject({
      operation: SEND.operation,
      input: SEND.input,
      digest: held.digest,
      onBehalfOf: 'ada',
      state: 'pending',
    });
    await interlock.answerApproval(APPROVER, pending?.id ?? '', YES);
    expect(await interlock.action(caller, 'send-1', 5_000)).toMatchObject({
      decision: 'allow',
      digest: held.digest,
      outcome: { status: 'succeeded' },
    });
    expect(system.effects).toEqual(['send n1']);
    expect(await interlock.approvals(APPROVER)).toEqual([]);
    expect(await interlock.approvals(APPROVER, { all: true })).toMatchObject([{ state: 'consumed' }]);
  });

  test('is denied when the approver says no, and nothing happens', async () => {
    const { agent, interlock, system } = await testGateway({ policies: POLICIES });
    const { run, caller } = await agent();
    const held = await run(SEND);
    await interlock.answerApproval(APPROVER, held.approval?.ids[0] ?? '', { answer: 'deny', reason: 'Not today.' });
    expect(await interlock.action(caller, 'send-1', 5_000)).toMatchObject({
      decision: 'deny',
      code: 'APPROVAL_DENIED',
      reasons: [{ title: 'grace refused: Not today.' }],
    });
    expect(system.effects).toEqual([]);
  });

  test('finishes after a restart in between', async () => {
    const system = new NoteSystem();
    const directory = newDirectory();
    const before = await testGateway({ policies: POLICIES, system, directory });
    const { id: workflow } = await before.interlock.open(OPENER, { onBehalfOf: { id: 'ada' } });
    const { token } = await before.interlock.openSession(OPENER, workflow, { agent: 'helper' });
    const held = await before.interlock.run(await before.interlock.authenticate(token), SEND);
    await before.interlock.close();

    const after = await testGateway({ policies: POLICIES, system, directory });
    const caller = await after.interlock.authenticate(token);
    expect(await after.interlock.action(caller, 'send-1')).toMatchObject({
      decision: 'step_up',
      state: 'held',
      digest: held.digest,
    });
    await after.interlock.answerApproval(APPROVER, held.approval?.ids[0] ?? '', YES);
    expect(await after.interlock.action(caller, 'send-1', 5_000)).toMatchObject({
      decision: 'allow',
      outcome: { status: 'succeeded' },
    });
    expect(system.effects).toEqual(['send n1']);
  });

  test('is decided anew at release: a policy that forbids it meanwhile wins over the approval', async () => {
    const system = new NoteSystem();
    const directory = newDirectory();
    const before = await testGateway({ policies: POLICIES, system, directory });
    const { id: workflow } = await before.interlock.open(OPENER, { onBehalfOf: { id: 'ada' } });
    const { token } = await before.interlock.openSession(OPENER, workflow, { agent: 'helper' });
    const held = await before.interlock.run(await before.interlock.authenticate(token), SEND);
    await before.interlock.close();

    const stricter = `${POLICIES} @id("never") @title("Nothing is sent.") forbid(principal, action == Action::"notes.note.send", resource);`;
    const after = await testGateway({ policies: stricter, system, directory });
    await after.interlock.answerApproval(APPROVER, held.approval?.ids[0] ?? '', YES);
    const caller = await after.interlock.authenticate(token);
    expect(await after.interlock.action(caller, 'send-1', 5_000)).toMatchObject({
      decision: 'deny',
      reasons: [{ policy: 'never' }],
    });
    expect(system.effects).toEqual([]);
  });

  test('ends in a deny at its deadline, and an approval that comes later is refused', async () => {
    const clock = testClock();
    const { agent, interlock, system } = await testGateway({ policies: POLICIES, clock });
    const { run, caller } = await agent();
    const held = await run(SEND);
    clock.advance(10 * 60_000);
    const late = interlock.answerApproval(APPROVER, held.approval?.ids[0] ?? '', YES);
    await expect(late).rejects.toMatchObject({ code: expect.stringMatching(/APPROVAL_EXPIRED|APPROVAL_ANSWERED/) });
    await expect
      .poll(() => interlock.action(caller, 'send-1'))
      .toMatchObject({ decision: 'deny', code: 'APPROVAL_EXPIRED' });
    expect(system.effects).toEqual([]);
  });

  test('waits for a delay to pass and then runs by itself', async () => {
    const clock = testClock();
    const policies = `${PERMIT_ALL} @id("recall") @title("Sending can be recalled for a minute.") @unless("delay(60s)") forbid(principal, action == Action::"notes.note.send", resource);`;
    const { agent, interlock, system } = await testGateway({ policies, clock });
    const { run, caller } = await agent();
    expect(await run(SEND)).toMatchObject({ decision: 'defer', state: 'held', waitingFor: ['delay'] });
    clock.advance(59_000);
    expect(system.effects).toEqual([]);
    clock.advance(1_000);
    await expect
      .poll(() => interlock.action(caller, 'send-1'))
      .toMatchObject({ decision: 'allow', state: 'completed' });
    expect(system.effects).toEqual(['send n1']);
  });

  test('that waits for a fact nobody brings ends in a deny at its deadline', async () => {
    const clock = testClock();
    const policies = `${PERMIT_ALL} @id("risk") @title("The user’s risk must be known.") @unless("fact(risk, maxAge: 5m, wait: 500ms)") forbid(principal, action == Action::"notes.note.send", resource);`;
    const { agent, interlock, system } = await testGateway({ policies, clock });
    const { run, caller } = await agent();
    expect(await run(SEND)).toMatchObject({ decision: 'defer', waitingFor: ['risk'] });
    clock.advance(500);
    await expect
      .poll(() => interlock.action(caller, 'send-1'))
      .toMatchObject({ decision: 'deny', code: 'FACT_MISSING' });
    expect(system.effects).toEqual([]);
  });
});

describe('an approval', () => {
  const REFUSED = [
    ['somebody outside the group', operator('mallory', ['approve'], ['finance']), 'APPROVER_INELIGIBLE'],
    ['the user the agents act for', operator('ada', ['approve'], ['security']), 'APPROVER_INELIGIBLE'],
    ['whoever runs the agents', operator('opener', ['approve'], ['security']), 'APPROVER_INELIGIBLE'],
    ['an operator without the right', operator('grace', ['administer'], ['security']), 'FORBIDDEN'],
    ['an operator of another tenant', { ...APPROVER, tenant: 'other' }, 'NOT_FOUND'],
  ] as const;

  test.each(REFUSED)('is not given by %s', async (_who, approver, code) => {
    const { agent, interlock, system } = await testGateway({ policies: POLICIES });
    const { run } = await agent();
    const held = await run(SEND);
    await expect(interlock.answerApproval(approver, held.approval?.ids[0] ?? '', YES)).rejects.toMatchObject({ code });
    expect(system.effects).toEqual([]);
  });

  test('is not given by an agent', async () => {
    const { agent, interlock } = await testGateway({ policies: POLICIES });
    const { run, caller } = await agent();
    const held = await run(SEND);
    await expect(interlock.answerApproval(caller, held.approval?.ids[0] ?? '', YES)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  test('is answered once, and raced by many it has one effect', async () => {
    const { agent, interlock, system } = await testGateway({ policies: POLICIES });
    const { run, caller } = await agent();
    const id = (await run(SEND)).approval?.ids[0] ?? '';
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, () => interlock.answerApproval(APPROVER, id, YES)),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await interlock.action(caller, 'send-1', 5_000);
    await expect(interlock.answerApproval(APPROVER, id, YES)).rejects.toMatchObject({ code: 'APPROVAL_ANSWERED' });
    expect(system.effects).toEqual(['send n1']);
  });

  test('does not carry over to the same call under another id', async () => {
    const { agent, interlock, system } = await testGateway({ policies: POLICIES });
    const { run, caller } = await agent();
    const id = (await run(SEND)).approval?.ids[0] ?? '';
    await interlock.answerApproval(APPROVER, id, YES);
    await interlock.action(caller, 'send-1', 5_000);
    expect(await run({ ...SEND, id: 'send-2' })).toMatchObject({ decision: 'step_up', state: 'held' });
    expect(system.effects).toEqual(['send n1']);
  });

  test('that does not exist is not found', async () => {
    const { interlock } = await testGateway({ policies: POLICIES });
    await expect(interlock.answerApproval(APPROVER, 'apr_none', YES)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
