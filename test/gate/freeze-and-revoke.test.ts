import { describe, expect, test } from 'vitest';
import { newDirectory } from '../support/test-gateway.ts';
import { ADMIN, APPROVER, HELD, join, WRITE, world, YES } from './session-world.ts';

describe('a frozen workflow', () => {
  test('denies everything from the next decision on, takes nobody in, and goes on when it is thawed', async () => {
    const gateway = await world();
    const { interlock, system } = gateway;
    const { workflow, run, session, caller } = await gateway.agent();
    await interlock.freeze(ADMIN, workflow, true, 'look into it');
    expect(await run(WRITE)).toMatchObject({ decision: 'deny', code: 'WORKFLOW_FROZEN' });
    expect(await interlock.decide(caller, WRITE)).toMatchObject({ decision: 'deny', code: 'WORKFLOW_FROZEN' });
    await expect(join(gateway, workflow)).rejects.toMatchObject({ code: 'WORKFLOW_FROZEN' });
    const message = interlock.message(caller, workflow, { to: session, kind: 'message' });
    await expect(message).rejects.toMatchObject({ code: 'WORKFLOW_FROZEN' });
    expect(system.effects).toEqual([]);
    await interlock.freeze(ADMIN, workflow, false, 'fine');
    expect(await run(WRITE)).toMatchObject({ decision: 'allow' });
  });

  test('does not release what was held, whoever approves it', async () => {
    const { agent, interlock, system } = await world();
    const { workflow, run, caller } = await agent();
    const held = await run(HELD);
    await interlock.freeze(ADMIN, workflow, true, 'look into it');
    await interlock.answerApproval(APPROVER, held.approval?.ids[0] ?? '', YES);
    expect(await interlock.action(caller, HELD.id, 5_000)).toMatchObject({
      decision: 'deny',
      code: 'WORKFLOW_FROZEN',
    });
    expect(system.effects).toEqual([]);
  });

  test('freezes no other', async () => {
    const { agent, interlock } = await world();
    const [one, other] = [await agent(), await agent()];
    await interlock.freeze(ADMIN, one.workflow, true, 'look into it');
    expect(await other.run(WRITE)).toMatchObject({ decision: 'allow' });
  });
});

describe('a revoked session', () => {
  test('is nobody from then on, and so is what it delegated to; others go on', async () => {
    const gateway = await world();
    const { interlock, system } = gateway;
    const first = await gateway.agent();
    const parent = await join(gateway, first.workflow);
    const child = await join(gateway, first.workflow, parent.session);
    const grandchild = await join(gateway, first.workflow, child.session);
    await interlock.revokeSession(ADMIN, first.workflow, parent.session, 'odd');
    for (const { token, caller } of [parent, child, grandchild]) {
      await expect(interlock.authenticate(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      // A caller that was authenticated before.
      expect(await interlock.run(caller, WRITE)).toMatchObject({ decision: 'deny', code: 'SESSION_REVOKED' });
      const message = interlock.message(caller, first.workflow, { to: first.session, kind: 'message' });
      await expect(message).rejects.toMatchObject({ code: 'SESSION_REVOKED' });
    }
    expect(system.effects).toEqual([]);
    expect(await first.run(WRITE)).toMatchObject({ decision: 'allow' });
  });

  test('delegates to nobody and is told nothing', async () => {
    const gateway = await world();
    const { interlock } = gateway;
    const first = await gateway.agent();
    const second = await join(gateway, first.workflow);
    await interlock.revokeSession(ADMIN, first.workflow, second.session, 'odd');
    await expect(join(gateway, first.workflow, second.session)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const message = interlock.message(first.caller, first.workflow, { to: second.session, kind: 'delegation' });
    await expect(message).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('does not get what it had waited for', async () => {
    const { agent, interlock, system } = await world();
    const { workflow, session, run } = await agent();
    const held = await run(HELD);
    await interlock.revokeSession(ADMIN, workflow, session, 'odd');
    await interlock.answerApproval(APPROVER, held.approval?.ids[0] ?? '', YES);
    await expect
      .poll(async () => (await interlock.workflow(ADMIN, workflow)).actions)
      .toMatchObject([{ id: HELD.id, decision: 'deny', state: 'denied' }]);
    expect(system.effects).toEqual([]);
  });

  test('stays revoked over a restart', async () => {
    const directory = newDirectory();
    const before = await world(directory);
    const { workflow } = await before.agent();
    const { token, session } = await join(before, workflow);
    await before.interlock.revokeSession(ADMIN, workflow, session, 'odd');
    await before.interlock.close();
    const { interlock } = await world(directory);
    await expect(interlock.authenticate(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
