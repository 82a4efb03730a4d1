import { describe, expect, test } from 'vitest';
import type { Interlock } from '../../src/gate/interlock.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { NoteSystem } from '../support/notes-connector.ts';
import { OddSystem } from '../support/odd-connector.ts';
import { testClock } from '../support/test-clock.ts';
import { OPENER, operator, PERMIT_ALL, testGateway } from '../support/test-gateway.ts';

const ASK = `${PERMIT_ALL}
@id("ask") @title("Asks.") @unless("approval(security, within: 10m)")
forbid(principal, action == Action::"notes.note.send", resource);`;
const SEND = { id: 'send-1', operation: 'notes.note.send', input: { id: 'n1', to: 'x@example.com' } };
const WRITE = { operation: 'notes.note.write', input: { id: 'n1', text: 'x' } };
const GRACE = operator('grace', ['approve'], ['security']);
const YES = { answer: 'approve', reason: 'fine' } as const;

/** Two gateways on one log, in front of the same systems, and an agent that both know. */
async function pair(policies = PERMIT_ALL, limits = {}) {
  const log = createMemoryLog();
  const system = new NoteSystem();
  const odd = new OddSystem();
  const clock = testClock();
  const shared = { policies, log, system, odd, clock };
  const [a, b] = [await testGateway(shared), await testGateway(shared)];
  const { id: workflow } = await a.interlock.open(OPENER, { onBehalfOf: { id: 'ada' }, limits });
  const { token, session } = await a.interlock.openSession(OPENER, workflow, { agent: 'helper' });
  const caller = await a.interlock.authenticate(token);
  await b.interlock.authenticate(token);
  return { a: a.interlock, b: b.interlock, system, odd, log, clock, caller, workflow, session };
}

/** Gateways hear of each other's events when they write themselves. */
const nudge = (gateway: Interlock, caller: Parameters<Interlock['run']>[0]) =>
  gateway.run(caller, { operation: 'odd.thing.read', input: {} });

describe('one action id on two gateways', () => {
  test('has one effect, and the same call answers with where it stands on either', async () => {
    const { a, b, caller, system } = await pair();
    const call = { id: 'w', ...WRITE };
    const answers = await Promise.all([
      a.run(caller, call),
      b.run(caller, call),
      a.run(caller, call),
      b.run(caller, call),
    ]);
    for (const answer of answers) expect(answer).toMatchObject({ id: 'w', decision: 'allow' });
    expect(await b.run(caller, call)).toMatchObject({ id: 'w', decision: 'allow' });
    expect(system.effects).toEqual(['write n1']);
  });

  test('is refused for another call, also where the first is held and the second gateway has not heard of it', async () => {
    const { a, b, caller, system } = await pair(ASK);
    const held = await a.run(caller, SEND);
    const other = { ...SEND, input: { id: 'n1', to: 'mallory@example.com' } };
    await expect(b.run(caller, other)).rejects.toMatchObject({ code: 'ACTION_ID_REUSED' });
    expect(await b.run(caller, SEND)).toMatchObject({ state: 'held', digest: held.digest, approval: held.approval });
    await expect(a.run(caller, other)).rejects.toMatchObject({ code: 'ACTION_ID_REUSED' });
    expect(system.effects).toEqual([]);
  });

  test('is refused for another session', async () => {
    const { a, b, caller, workflow } = await pair();
    const { token } = await a.openSession(OPENER, workflow, { agent: 'other' });
    await a.run(caller, { id: 'w', ...WRITE });
    await nudge(b, caller);
    const other = await b.authenticate(token);
    await expect(b.run(other, { id: 'w', ...WRITE })).rejects.toMatchObject({ code: 'ACTION_ID_REUSED' });
  });
});

describe('a held action on two gateways', () => {
  test('is released once, whichever is told and however often both are', async () => {
    const { a, b, caller, system, clock } = await pair(ASK);
    const held = await a.run(caller, SEND);
    await nudge(b, caller);
    const approval = held.approval?.ids[0] ?? '';
    const answers = await Promise.allSettled(
      [a, b, a, b].map((gateway) => gateway.answerApproval(GRACE, approval, YES)),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    clock.advance(10 * 60_000);
    await expect.poll(() => system.effects).toEqual(['send n1']);
    for (const gateway of [a, b]) {
      await nudge(gateway, caller);
      await expect.poll(() => gateway.action(caller, SEND.id)).toMatchObject({ outcome: { status: 'succeeded' } });
    }
    expect(system.effects).toEqual(['send n1']);
  });

  test('is denied once at its deadline', async () => {
    const { a, b, caller, clock, log, workflow } = await pair(ASK);
    await a.run(caller, SEND);
    await nudge(b, caller);
    clock.advance(10 * 60_000);
    await expect.poll(() => a.action(caller, SEND.id)).toMatchObject({ code: 'APPROVAL_EXPIRED' });
    const decisions = (await log.read({ tenant: 'acme', workflow })).filter(({ payload }) =>
      payload?.includes('send-1'),
    );
    expect(decisions).toHaveLength(2);
  });
});

describe('budgets on two gateways', () => {
  test('are exact: five is five for fifty at once on each', async () => {
    const { a, b, caller, system, workflow } = await pair(PERMIT_ALL, { create: 5 });
    const attempts = Array.from({ length: 100 }, (_, at) =>
      (at % 2 === 0 ? a : b).run(caller, { ...WRITE, id: `w${at}`, input: { id: `w${at}`, text: 'x' } }),
    );
    const settled = await Promise.allSettled(attempts);
    const kinds = settled.map((one) => (one.status === 'fulfilled' ? one.value.decision : one.reason.code));
    expect(kinds.filter((kind) => kind === 'allow')).toHaveLength(5);
    expect(new Set(kinds)).toEqual(new Set(['allow', 'deny']));
    expect(system.effects).toHaveLength(5);
    expect((await a.workflow(OPENER, workflow)).counts.create).toBe(5);
  });

  test('count an action that one gateway’s read-back took for failed while the other was still at it', async () => {
    const log = createMemoryLog();
    const clock = testClock();
    const odd = new OddSystem();
    const call = Promise.withResolvers<void>();
    odd.execute = async () => {
      await call.promise;
      return { status: 'succeeded', result: {} };
    };
    odd.probe = async () => ({ status: 'not-applied' });
    const a = await testGateway({ log, clock, odd });
    const { run, workflow, caller } = await a.agent({ limits: { update: 1 } });
    const running = run({ id: 'w', operation: 'odd.thing.write', input: {} });
    await expect.poll(() => odd.executions).toBe(1);
    await testGateway({ log, clock, odd });
    clock.advance(100);
    await expect.poll(async () => (await log.read({ tenant: 'acme', workflow })).length).toBe(5);
    call.resolve();
    expect(await running).toMatchObject({ outcome: { status: 'succeeded' } });
    expect((await a.interlock.workflow(caller, workflow)).counts.update).toBe(1);
    expect(await run({ id: 'w2', operation: 'odd.thing.write', input: {} })).toMatchObject({ code: 'LIMIT_REACHED' });
  });
});

test('a decision has seen what the other gateway recorded: a read there denies a send here', async () => {
  const leak = `${PERMIT_ALL} @id("leak") @title("Leak.") forbid(principal in Label::"hr", action, resource) when { context.effect.external };`;
  const { a, b, caller, system } = await pair(leak);
  system.notes.set('hr-1', 'pay');
  await a.run(caller, { operation: 'notes.note.read', input: { id: 'hr-1' } });
  expect(await b.run(caller, SEND)).toMatchObject({ decision: 'deny', reasons: [{ policy: 'leak' }] });
  expect(system.effects).toEqual([]);
});

test.each(['freeze', 'revoke'] as const)('a %s on one gateway stops the other', async (how) => {
  const { a, b, caller, workflow, session, system } = await pair();
  const root = operator('root');
  if (how === 'freeze') await a.freeze(root, workflow, true, 'stop');
  else await a.revokeSession(root, workflow, session, 'stop');
  const code = how === 'freeze' ? 'WORKFLOW_FROZEN' : 'SESSION_REVOKED';
  expect(await b.run(caller, { ...WRITE })).toMatchObject({ decision: 'deny', code });
  expect(system.effects).toEqual([]);
});
