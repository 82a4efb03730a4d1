import { describe, expect, test } from 'vitest';
import type { Operator } from '../../src/gate/interlock.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { failingLog, isOfType } from '../support/failing-log.ts';
import { testClock } from '../support/test-clock.ts';
import { newDirectory, OPENER, operator, PERMIT_ALL, testGateway } from '../support/test-gateway.ts';

const ask = (id: string, unless: string): string =>
  `@id("${id}") @title("Asks.") @unless("${unless}") forbid(principal, action == Action::"notes.note.send", resource);`;
const ONE = PERMIT_ALL + ask('one', 'approval(security, within: 10m)');
const TWO = PERMIT_ALL + ask('two', 'approval(security, within: 10m) and approval(finance, within: 20m)');
const SEND = { id: 'send-1', operation: 'notes.note.send', input: { id: 'n1', to: 'x@example.com' } };
const YES = { answer: 'approve', reason: 'It is fine.' } as const;
const NO = { answer: 'deny', reason: 'No.' } as const;
const GRACE = operator('grace', ['approve'], ['security']);
const FRANK = operator('frank', ['approve', 'open'], ['finance', 'security']);

describe('whoever has a hand in the action does not approve it', () => {
  test('neither who issued an agent its token, nor who issued one to an agent that it works with', async () => {
    const { interlock, system } = await testGateway({ policies: ONE, log: createMemoryLog() });
    const { id: workflow } = await interlock.open(OPENER, { onBehalfOf: { id: 'ada' } });
    const main = await interlock.openSession(OPENER, workflow, { agent: 'main' });
    const { token } = await interlock.openSession(FRANK, workflow, { agent: 'sub', delegatedBy: main.session });
    for (const [id, bearer] of [
      ['own', token],
      ['other', main.token],
    ] as const) {
      // biome-ignore format: one line
      const held = await interlock.run(await interlock.authenticate(bearer), { ...SEND, id });
      const approval = held.approval?.ids[0] ?? '';
      await expect(interlock.answerApproval(FRANK, approval, YES)).rejects.toMatchObject({
        code: 'APPROVER_INELIGIBLE',
      });
    }
    expect(system.effects).toEqual([]);
  });

  test('nor an operator who has the name of one of the agents', async () => {
    const { agent, interlock } = await testGateway({ policies: ONE, log: createMemoryLog() });
    const { run, workflow } = await agent();
    await interlock.openSession(OPENER, workflow, { agent: 'grace' });
    const approval = (await run(SEND)).approval?.ids[0] ?? '';
    await expect(interlock.answerApproval(GRACE, approval, YES)).rejects.toMatchObject({
      code: 'APPROVER_INELIGIBLE',
    });
  });

  test.for([
    ['who runs the agents', { ...OPENER, person: 'grace' }, { id: 'ada' }],
    ['for whom they act', OPENER, { id: 'grace' }],
  ] as const)('nor by another key the person %s', async ([, opener, onBehalfOf]) => {
    const { interlock, system } = await testGateway({ policies: ONE, log: createMemoryLog() });
    const { id: workflow } = await interlock.open(opener, { onBehalfOf });
    const { token } = await interlock.openSession(opener, workflow, { agent: 'main' });
    const held = await interlock.run(await interlock.authenticate(token), SEND);
    const approval = held.approval?.ids[0] ?? '';
    const second = { ...operator('grace-laptop', ['approve'], ['security']), person: 'grace' };
    await expect(interlock.answerApproval(second, approval, YES)).rejects.toMatchObject({
      code: 'APPROVER_INELIGIBLE',
    });
    expect(system.effects).toEqual([]);
    await interlock.answerApproval({ ...second, person: 'heidi' }, approval, YES);
    await expect.poll(() => system.effects).toEqual(['send n1']);
  });

  test('nor one who joins after having approved: it is judged again when the action is released', async () => {
    const { agent, interlock, system } = await testGateway({ policies: TWO, log: createMemoryLog() });
    const { run, workflow, caller } = await agent();
    const { approval } = await run(SEND);
    const [security = '', finance = ''] = approval?.ids ?? [];
    await interlock.answerApproval(FRANK, security, YES);
    await expect.poll(async () => (await interlock.action(caller, SEND.id)).approval?.ids).toEqual([finance]);
    await interlock.openSession(FRANK, workflow, { agent: 'mine' });
    await interlock.answerApproval(operator('erin', ['approve'], ['finance']), finance, YES);
    await expect.poll(async () => (await interlock.action(caller, SEND.id)).approval?.groups).toEqual(['security']);
    expect(system.effects).toEqual([]);
    const again = (await interlock.action(caller, SEND.id)).approval?.ids[0] ?? '';
    await interlock.answerApproval(GRACE, again, YES);
    expect(await interlock.action(caller, SEND.id, 5_000)).toMatchObject({ outcome: { status: 'succeeded' } });
    expect(system.effects).toEqual(['send n1']);
  });

  test('and nobody can answer in the name of another by what is sent along', async () => {
    const { agent, interlock, system } = await testGateway({ policies: ONE, log: createMemoryLog() });
    const { run } = await agent();
    const approval = (await run(SEND)).approval?.ids[0] ?? '';
    const outsider = operator('mallory', ['approve'], []);
    for (const forged of [{ by: GRACE }, { approval: 'x' }, { answer: 'yes' }, { answer: true }, { reason: 7 }]) {
      const given = { ...YES, ...forged } as never;
      await expect(interlock.answerApproval(outsider, approval, given)).rejects.toMatchObject({
        code: 'INVALID_CALL',
      });
    }
    expect(system.effects).toEqual([]);
  });
});

describe('an answered approval releases its action', () => {
  test.each(['refuse', 'lose'] as const)('also when the log fails (%s) just after the answer', async (how) => {
    const clock = testClock();
    const log = failingLog(createMemoryLog());
    const { agent, interlock, system } = await testGateway({ policies: ONE, log, clock });
    const { run, caller } = await agent();
    const approval = (await run(SEND)).approval?.ids[0] ?? '';
    log.fail = { how, when: isOfType('action.decided') };
    await interlock.answerApproval(GRACE, approval, YES);
    await expect.poll(() => log.failures).toBe(1);
    expect(await interlock.action(caller, SEND.id)).toMatchObject({ state: 'held' });
    log.fail = undefined;
    clock.advance(10_000);
    await expect
      .poll(() => interlock.action(caller, SEND.id))
      .toMatchObject({ decision: 'allow', outcome: { status: 'succeeded' } });
    expect(system.effects).toEqual(['send n1']);
  });

  test('also when the process ends before it could', async () => {
    const clock = testClock();
    const inner = createMemoryLog();
    const log = failingLog(inner);
    const before = await testGateway({ policies: ONE, log, clock });
    const { run } = await before.agent();
    const approval = (await run(SEND)).approval?.ids[0] ?? '';
    log.fail = { how: 'refuse', when: isOfType('action.decided') };
    await before.interlock.answerApproval(GRACE, approval, YES);
    await expect.poll(() => log.failures).toBe(1);
    const after = await testGateway({ policies: ONE, log: inner, clock, system: before.system });
    const { view } = { view: await after.interlock.approvals(GRACE, { all: true }) };
    expect(view).toHaveLength(1);
    await expect.poll(() => before.system.effects).toEqual(['send n1']);
  });

  test('with a no at once, also after a restart', async () => {
    const inner = createMemoryLog();
    const log = failingLog(inner);
    const before = await testGateway({ policies: ONE, log });
    const { run } = await before.agent();
    const approval = (await run(SEND)).approval?.ids[0] ?? '';
    log.fail = { how: 'refuse', when: isOfType('action.decided') };
    await before.interlock.answerApproval(GRACE, approval, NO);
    await expect.poll(() => log.failures).toBe(1);
    const after = await testGateway({ policies: ONE, log: inner });
    await expect.poll(async () => (await after.interlock.workflows(OPENER))[0]?.held).toBe(0);
  });
});

describe('approve, deny and expiry at the same moment', () => {
  test.each([0, 1, 2, 3, 4, 5])('come to one end (order %i)', async (order) => {
    const clock = testClock();
    const { agent, interlock, system } = await testGateway({ policies: ONE, log: createMemoryLog(), clock });
    const { run, caller } = await agent();
    const approval = (await run(SEND)).approval?.ids[0] ?? '';
    const moves = [
      () => interlock.answerApproval(GRACE, approval, YES),
      () => interlock.answerApproval(operator('hank', ['approve'], ['security']), approval, NO),
      async () => clock.advance(10 * 60_000),
    ];
    const permutation = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]][order] ?? []; // biome-ignore format: one line
    await Promise.allSettled(permutation.map((at) => moves[at]?.()));
    clock.advance(60_000);
    await expect.poll(async () => (await interlock.action(caller, SEND.id)).state).toMatch(/denied|completed/);
    const { decision } = await interlock.action(caller, SEND.id);
    expect(system.effects).toHaveLength(decision === 'allow' ? 1 : 0);
    const [{ state, answer } = { state: '' }] = await interlock.approvals(GRACE, { all: true });
    if (decision === 'allow') expect({ state, answer: answer?.by }).toEqual({ state: 'consumed', answer: 'grace' });
  });
});

describe('what an approver is shown', () => {
  test('is what the digest of the approval covers, also when the action was changed since', async () => {
    const directory = newDirectory();
    const system = (await testGateway()).system;
    const policies = (most: number): string =>
      `${PERMIT_ALL} @id("cap") @title("Few.") @unless("cap(input.copies, ${most})") forbid(principal, action == Action::"notes.note.write", resource) when { context.input.copies > ${most} };
       @id("ask") @title("Asks.") @unless("approval(security, within: 1h)") forbid(principal, action == Action::"notes.note.write", resource);`;
    const log = createMemoryLog();
    const call = { id: 'w', operation: 'notes.note.write', input: { id: 'n', text: 'x', copies: 10 } };
    const first = await testGateway({ policies: policies(5), log, directory, system });
    const { run, caller } = await first.agent();
    const asked = await run(call);
    expect((await first.interlock.approvals(GRACE))[0]).toMatchObject({ input: { copies: 5 }, digest: asked.digest });

    const second = await testGateway({ policies: policies(3), log, directory, system });
    await second.interlock.answerApproval(GRACE, asked.approval?.ids[0] ?? '', YES);
    await expect.poll(async () => (await second.interlock.approvals(GRACE)).length).toBe(1);
    const [old, now] = await second.interlock.approvals(GRACE, { all: true });
    expect(old).toMatchObject({ state: 'approved', input: { copies: 5 }, digest: asked.digest });
    expect(now).toMatchObject({ state: 'pending', input: { copies: 3 } });
    expect(now?.digest).not.toBe(asked.digest);
    expect(system.effects).toEqual([]);
    expect(caller.kind).toBe('agent');
  });
});

test('an approval given for another tenant’s action does not exist', async () => {
  const { agent, interlock } = await testGateway({ policies: ONE, log: createMemoryLog() });
  const { run } = await agent();
  const approval = (await run(SEND)).approval?.ids[0] ?? '';
  const foreign: Operator = { ...GRACE, tenant: 'other' };
  await expect(interlock.answerApproval(foreign, approval, YES)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await interlock.approvals(foreign, { all: true })).toEqual([]);
});
