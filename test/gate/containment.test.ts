import { describe, expect, test } from 'vitest';
import { newDirectory } from '../support/test-gateway.ts';
import { ADMIN, APPROVER, HELD, join, READ_HR, SEND, WRITE, world, YES } from './session-world.ts';

const WHY = 'look into it';
const READ = { operation: 'notes.note.read', input: { id: 'n1' } };

describe('what is frozen', () => {
  test.for([
    ['TENANT_FROZEN', { kind: 'tenant' }],
    ['AGENT_FROZEN', { kind: 'agent', id: 'helper' }],
    ['SYSTEM_FROZEN', { kind: 'system', id: 'notes' }],
  ] as const)(
    'is denied in every workflow from the next decision on, and acts again when thawed: %s',
    async ([code, scope]) => {
      const { agent, interlock, system } = await world();
      const [one, other] = [await agent(), await agent()];
      await interlock.setFreeze(ADMIN, { scope, frozen: true, reason: WHY });
      for (const { run } of [one, other]) expect(await run(WRITE)).toMatchObject({ decision: 'deny', code });
      expect(await interlock.decide(one.caller, WRITE)).toMatchObject({ decision: 'deny', code });
      expect(system.effects).toEqual([]);
      await interlock.setFreeze(ADMIN, { scope, frozen: false, reason: 'fine' });
      expect(await one.run({ ...WRITE, id: 'again' })).toMatchObject({ decision: 'allow' });
    },
  );

  test.for([
    { kind: 'agent', id: 'another' },
    { kind: 'system', id: 'odd' },
  ] as const)('leaves the others alone: %j', async (scope) => {
    const { agent, interlock } = await world();
    const { run } = await agent();
    await interlock.setFreeze(ADMIN, { scope, frozen: true, reason: WHY });
    expect(await run(WRITE)).toMatchObject({ decision: 'allow' });
  });

  test('is of one tenant: another goes on', async () => {
    const { agent, interlock } = await world();
    const { run } = await agent();
    await interlock.setFreeze({ ...ADMIN, tenant: 'evil' }, { scope: { kind: 'tenant' }, frozen: true, reason: WHY });
    expect(await run(WRITE)).toMatchObject({ decision: 'allow' });
  });

  test('does not get what it waited for, whoever approves it', async () => {
    const { agent, interlock, system } = await world();
    const { run, caller } = await agent();
    const held = await run(HELD);
    await interlock.setFreeze(ADMIN, { scope: { kind: 'agent', id: 'helper' }, frozen: true, reason: WHY });
    await interlock.answerApproval(APPROVER, held.approval?.ids[0] ?? '', YES);
    expect(await interlock.action(caller, HELD.id, 5_000)).toMatchObject({ decision: 'deny', code: 'AGENT_FROZEN' });
    expect(system.effects).toEqual([]);
  });

  test('joins nowhere, opens nothing and tells nobody anything', async () => {
    const gateway = await world();
    const { interlock } = gateway;
    const { workflow, caller, session } = await gateway.agent();
    await interlock.setFreeze(ADMIN, { scope: { kind: 'agent', id: 'second' }, frozen: true, reason: WHY });
    await expect(join(gateway, workflow)).rejects.toMatchObject({ code: 'AGENT_FROZEN' });
    await interlock.setFreeze(ADMIN, { scope: { kind: 'tenant' }, frozen: true, reason: WHY });
    await expect(gateway.agent()).rejects.toMatchObject({ code: 'TENANT_FROZEN' });
    const message = interlock.message(caller, workflow, { to: session, kind: 'message' });
    await expect(message).rejects.toMatchObject({ code: 'TENANT_FROZEN' });
  });

  test('stays frozen over a restart, is listed, and the decision names the state that it saw', async () => {
    const directory = newDirectory();
    const before = await world(directory);
    const { workflow } = await before.agent();
    await before.interlock.setFreeze(ADMIN, { scope: { kind: 'system', id: 'notes' }, frozen: true, reason: WHY });
    await before.interlock.close();
    const after = await world(directory);
    expect(await after.interlock.freezes(ADMIN)).toEqual({ tenant: false, agents: [], systems: ['notes'] });
    const { caller, run } = await after.agent();
    const { id, code } = await run(WRITE);
    expect(code).toBe('SYSTEM_FROZEN');
    expect((await after.interlock.explain(caller, id)).action.decided.seenControls).toBe(1);
    // The tenant's own stream is no workflow, by whatever name.
    expect((await after.interlock.workflows(ADMIN)).map((each) => each.id)).toContain(workflow);
    expect((await after.interlock.workflows(ADMIN)).every((each) => !each.id.startsWith('~'))).toBe(true);
    await expect(after.interlock.workflow(ADMIN, '~tenant')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(join(after, '~tenant')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

/** Three agents: the first reads a note, tells the second, which writes another note that the third reads. */
async function chainOfThree() {
  const gateway = await world();
  const { interlock } = gateway;
  const first = await gateway.agent();
  const { workflow } = first;
  const [second, third, apart] = [
    await join(gateway, workflow),
    await join(gateway, workflow),
    await join(gateway, workflow),
  ];
  const read = await first.run({ ...READ, id: 'the-read' });
  await interlock.message(first.caller, workflow, { to: second.session, kind: 'message' });
  await interlock.run(second.caller, { operation: 'notes.note.write', input: { id: 'n2', text: 'from two' } });
  await interlock.run(third.caller, { operation: 'notes.note.read', input: { id: 'n2' } });
  await interlock.run(apart.caller, { operation: 'notes.note.write', input: { id: 'n3', text: 'apart' } });
  return { ...gateway, workflow, first, second, third, apart, read };
}

const n2 = JSON.stringify(['Notes::Note', 'n2']);
const OTHER = { operation: 'notes.note.write', input: { id: 'n9', text: 'x' } };

describe('quarantine', () => {
  test('of a read covers whoever had something of it, hop by hop, and nobody else', async () => {
    const { interlock, workflow, first, second, third, apart } = await chainOfThree();
    const found = await interlock.quarantine(ADMIN, workflow, { action: 'the-read', reason: 'forged' });
    expect(new Set(found.sessions)).toEqual(new Set([first.session, second.session, third.session]));
    expect(found.resources).toEqual([n2]);
    for (const { caller } of [first, second, third])
      expect(await interlock.run(caller, OTHER)).toMatchObject({ decision: 'deny', code: 'QUARANTINED' });
    expect(await interlock.run(apart.caller, OTHER)).toMatchObject({ decision: 'allow' });
    const touch = { operation: 'notes.note.read', input: { id: 'n2' } };
    expect(await interlock.run(apart.caller, touch)).toMatchObject({ decision: 'deny', code: 'QUARANTINED' });
    expect((await interlock.workflow(ADMIN, workflow)).quarantine.resources).toEqual([n2]);
  });

  test('does not cover what was told before the read', async () => {
    const gateway = await world();
    const { interlock } = gateway;
    const first = await gateway.agent();
    const second = await join(gateway, first.workflow);
    await interlock.message(first.caller, first.workflow, { to: second.session, kind: 'message' });
    await first.run({ ...READ, id: 'the-read' });
    const found = await interlock.quarantine(ADMIN, first.workflow, { action: 'the-read', reason: 'forged' });
    expect(found.sessions).toEqual([first.session]);
    expect(await interlock.run(second.caller, OTHER)).toMatchObject({ decision: 'allow' });
  });

  test('comes with revoking an agent, unless what descends from it is to be kept', async () => {
    const revoked = await chainOfThree();
    await revoked.interlock.revokeSession(ADMIN, revoked.workflow, revoked.second.session, 'odd');
    expect(await revoked.interlock.run(revoked.third.caller, OTHER)).toMatchObject({ code: 'QUARANTINED' });
    expect(await revoked.first.run(OTHER)).toMatchObject({ decision: 'allow' });
    const kept = await chainOfThree();
    await kept.interlock.revokeSession(ADMIN, kept.workflow, kept.second.session, 'done', 'keep');
    expect(await kept.interlock.run(kept.third.caller, OTHER)).toMatchObject({ decision: 'allow' });
  });

  test('reaches a reader whose call was under way', async () => {
    const gateway = await world();
    const { interlock, system } = gateway;
    const first = await gateway.agent();
    const second = await join(gateway, first.workflow);
    const call = Promise.withResolvers<void>();
    system.gate = call.promise;
    const writing = first.run({ id: 'w', operation: 'notes.note.write', input: { id: 'n2', text: 'x' } });
    await expect
      .poll(async () => (await interlock.workflow(ADMIN, first.workflow)).actions)
      .toMatchObject([{ state: 'executing' }]);
    await interlock.quarantine(ADMIN, first.workflow, { session: first.session, reason: 'odd' });
    call.resolve();
    expect(await writing).toMatchObject({ outcome: { status: 'succeeded' } });
    const touch = { operation: 'notes.note.read', input: { id: 'n2' } };
    expect(await interlock.run(second.caller, touch)).toMatchObject({ code: 'QUARANTINED' });
  });

  test('hands on nothing: no message and no delegation', async () => {
    const gateway = await chainOfThree();
    const { interlock, workflow, first, apart } = gateway;
    await interlock.quarantine(ADMIN, workflow, { session: first.session, reason: 'odd' });
    const message = interlock.message(first.caller, workflow, { to: apart.session, kind: 'message' });
    await expect(message).rejects.toMatchObject({ code: 'QUARANTINED' });
    await expect(join(gateway, workflow, first.session)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('ends for one session or record by a recorded release, and for no other', async () => {
    const { interlock, workflow, second, third } = await chainOfThree();
    await interlock.quarantine(ADMIN, workflow, { action: 'the-read', reason: 'forged' });
    await interlock.release(ADMIN, workflow, { session: third.session, reason: 'looked at it' });
    expect(await interlock.run(third.caller, OTHER)).toMatchObject({ decision: 'allow' });
    expect(await interlock.run(second.caller, OTHER)).toMatchObject({ code: 'QUARANTINED' });
    const touch = { operation: 'notes.note.read', input: { id: 'n2' } };
    expect(await interlock.run(third.caller, touch)).toMatchObject({ code: 'QUARANTINED' });
    await interlock.release(ADMIN, workflow, { resource: { type: 'Notes::Note', id: 'n2' }, reason: 'it is right' });
    expect(await interlock.run(third.caller, { ...touch, id: 't' })).toMatchObject({ decision: 'allow' });
  });

  test.for([
    { session: 'ses_0', reason: 'x' },
    { action: 'act_0', reason: 'x' },
  ])('of what does not exist is not found: %j', async (request) => {
    const { interlock, workflow } = await chainOfThree();
    await expect(interlock.quarantine(ADMIN, workflow, request)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('names exactly one source', async () => {
    const { interlock, workflow, first } = await chainOfThree();
    for (const request of [{ reason: 'x' }, { session: first.session, action: 'the-read', reason: 'x' }])
      await expect(interlock.quarantine(ADMIN, workflow, request)).rejects.toMatchObject({ code: 'INVALID_CALL' });
  });
});

describe('a permit whose agent says that nothing happened', () => {
  const SPENT = { operation: 'notes.note.write', input: { id: 'n1', text: 'x' } };

  test('stays spent: an agent cannot give itself its budget back', async () => {
    const { agent, interlock } = await world();
    const { caller } = await agent({ limits: { create: 1 } });
    const { id } = await interlock.decide(caller, SPENT);
    await interlock.settle(caller, id, { status: 'failed' });
    expect(await interlock.decide(caller, SPENT)).toMatchObject({ decision: 'deny', code: 'LIMIT_REACHED' });
  });

  test('is given back on the word of whoever executes for agents', async () => {
    const { agent, interlock } = await world();
    const { caller, workflow } = await agent({ limits: { create: 1 } });
    const { id } = await interlock.decide(caller, SPENT);
    const executor = { ...ADMIN, rights: new Set(['act'] as const) };
    await expect(interlock.settle(ADMIN, id, { status: 'failed' }, workflow)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(interlock.settle(executor, id, { status: 'failed' })).rejects.toMatchObject({ code: 'INVALID_CALL' });
    await interlock.settle(executor, id, { status: 'failed' }, workflow);
    expect(await interlock.decide(caller, SPENT)).toMatchObject({ decision: 'allow' });
  });

  test('exposes to what it read, and hands it on', async () => {
    const { agent, interlock } = await world();
    const { caller, run } = await agent();
    const { id } = await interlock.decide(caller, READ_HR);
    await interlock.settle(caller, id, { status: 'failed' });
    expect(await run(SEND)).toMatchObject({ decision: 'deny' });
  });
});
