import { describe, expect, test } from 'vitest';
import type { AgentCaller, Caller } from '../../src/gate/interlock.ts';
import { sha256 } from '../../src/lib/digest.ts';
import { newDirectory, OPENER, operator, PERMIT_ALL, type TestGateway, testGateway } from '../support/test-gateway.ts';

const POLICIES = `${PERMIT_ALL}
@id("no-leak") @title("Who has read HR data sends nothing outside.")
forbid(principal in Label::"hr", action, resource) when { context.effect.external };
@id("ask") @title("Copies need a yes from security.") @unless("approval(security, within: 10m)")
forbid(principal, action == Action::"notes.note.write", resource) when { context.input.copies > 1 };`;

const READ_HR = { operation: 'notes.note.read', input: { id: 'hr-1' } };
const SEND = { operation: 'notes.note.send', input: { id: 'n1', to: 'x@example.com' } };
const WRITE = { operation: 'notes.note.write', input: { id: 'n1', text: 'x' } };
const HELD = { id: 'held-1', operation: 'notes.note.write', input: { id: 'n1', text: 'x', copies: 2 } };
const ADMIN = operator('root', ['administer']);
const APPROVER = operator('grace', ['approve'], ['security']);
const YES = { answer: 'approve', reason: 'fine' } as const;

async function world(directory = newDirectory()): Promise<TestGateway> {
  const gateway = await testGateway({ policies: POLICIES, directory });
  gateway.system.notes.set('hr-1', 'salary').set('n1', 'plain');
  return gateway;
}

/** One more agent in a workflow. */
async function join({ interlock }: TestGateway, workflow: string, delegatedBy?: string) {
  const opened = await interlock.openSession(OPENER, workflow, {
    agent: 'second',
    ...(delegatedBy === undefined ? {} : { delegatedBy }),
  });
  return { ...opened, caller: await interlock.authenticate(opened.token) };
}

describe('a session token', () => {
  const encode = (text: string): string => Buffer.from(text).toString('base64url');
  /** The token with one of its parts (tenant, workflow, session, secret) replaced. */
  const withPart = (token: string, at: number, part: string): string => {
    const parts = token.slice('ils_'.length).split('.');
    return `ils_${parts.with(at, part).join('.')}`;
  };
  interface Known {
    readonly token: string;
    readonly otherToken: string;
    readonly elsewhere: AgentCaller['principal'];
  }
  const FORGED: readonly [title: string, forge: (known: Known) => string][] = [
    ['that names another tenant', ({ token }) => withPart(token, 0, encode('evil'))],
    ['that names another workflow', ({ token, elsewhere }) => withPart(token, 1, encode(elsewhere.workflow))],
    ['that names another session', ({ token, elsewhere }) => withPart(token, 2, encode(elsewhere.session))],
    [
      'that names another workflow and its session',
      ({ token, elsewhere }) => withPart(withPart(token, 1, encode(elsewhere.workflow)), 2, encode(elsewhere.session)),
    ],
    [
      'with the secret of another session',
      ({ token, otherToken }) => withPart(token, 3, otherToken.split('.').at(-1) ?? ''),
    ],
    ['with another secret', ({ token }) => withPart(token, 3, 'A'.repeat(43))],
    ['without its secret', ({ token }) => withPart(token, 3, '')],
    ['with more behind it', ({ token }) => `${token}.x`],
    ['cut short', ({ token }) => token.slice(0, -1)],
    ['in another encoding of the same place', ({ token }) => withPart(token, 0, `${encode('acme')}=`)],
    ['with its prefix in other letters', ({ token }) => token.replace('ils_', 'ILS_')],
    ['that is only its prefix', () => 'ils_'],
    ['that is empty', () => ''],
    ['that is the digest which the log keeps', ({ token }) => sha256(token)],
  ];

  test.each(FORGED)('%s is nobody’s', async (_title, forge) => {
    const gateway = await world();
    const { interlock } = gateway;
    const { workflow } = await gateway.agent();
    const { token } = await join(gateway, workflow);
    const other = await gateway.agent();
    if (other.caller.kind !== 'agent') throw new Error('an agent is expected');
    const { token: otherToken } = await join(gateway, other.workflow);
    const forged = forge({ token, otherToken, elsewhere: other.caller.principal });
    await expect(interlock.authenticate(forged)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await interlock.authenticate(token)).toMatchObject({ kind: 'agent', principal: { workflow } });
  });

  test('says who acts, for whom and where, whatever the call says', async () => {
    const { agent, interlock, system } = await world();
    const { caller } = await agent();
    for (const claim of ['tenant', 'workflow', 'agent', 'session', 'onBehalfOf', 'mandate', 'principal', 'labels']) {
      const call = { ...WRITE, [claim]: 'somebody-else' };
      await expect(interlock.run(caller, call)).rejects.toMatchObject({ code: 'INVALID_CALL' });
    }
    expect(system.effects).toEqual([]);
  });

  test('is not kept: the log holds its digest only', async () => {
    const gateway = await world();
    const { workflow } = await gateway.agent();
    const { token } = await join(gateway, workflow);
    const { interlock } = gateway;
    expect(JSON.stringify(await interlock.workflow(ADMIN, workflow))).not.toContain(token);
    expect(JSON.stringify(await interlock.workflow(ADMIN, workflow))).not.toContain('tokenDigest');
  });
});

describe('what an agent has read stays with', () => {
  test('the same agent under any new action id, and through decide instead of run', async () => {
    const { agent, interlock, system } = await world();
    const { run, caller } = await agent();
    await run(READ_HR);
    for (const id of ['a', 'b', undefined]) {
      expect(await run({ ...SEND, id })).toMatchObject({ decision: 'deny', reasons: [{ policy: 'no-leak' }] });
    }
    expect(await interlock.decide(caller, SEND)).toMatchObject({ decision: 'deny' });
    expect(system.effects).toEqual([]);
  });

  test('an agent that was permitted to read by itself and never told what came of it', async () => {
    const { agent, interlock } = await world();
    const { run, caller } = await agent();
    expect(await interlock.decide(caller, READ_HR)).toMatchObject({ decision: 'allow', state: 'permitted' });
    expect(await run(SEND)).toMatchObject({ decision: 'deny', reasons: [{ policy: 'no-leak' }] });
  });

  test('the workflow that continues this one', async () => {
    const { agent } = await world();
    const first = await agent();
    await first.run(READ_HR);
    const next = await agent({ continues: first.workflow });
    expect(await next.run(SEND)).toMatchObject({ decision: 'deny', reasons: [{ policy: 'no-leak' }] });
    const unrelated = await agent();
    expect(await unrelated.run(SEND)).toMatchObject({ decision: 'allow' });
  });

  test('whoever it delegates to, and whoever it tells, and whoever they tell', async () => {
    const gateway = await world();
    const { interlock } = gateway;
    const first = await gateway.agent();
    const told = await join(gateway, first.workflow);
    const toldByTold = await join(gateway, first.workflow);
    await first.run(READ_HR);
    expect(await interlock.run(told.caller, SEND)).toMatchObject({ decision: 'allow' });
    const delegated = await join(gateway, first.workflow, first.session);
    await interlock.message(first.caller, first.workflow, { to: told.session, kind: 'message' });
    await interlock.message(told.caller, first.workflow, { to: toldByTold.session, kind: 'hand-off' });
    for (const { caller } of [delegated, told, toldByTold]) {
      expect(await interlock.run(caller, SEND)).toMatchObject({ decision: 'deny', reasons: [{ policy: 'no-leak' }] });
    }
  });

  test('it over a restart', async () => {
    const directory = newDirectory();
    const before = await world(directory);
    const { workflow, run } = await before.agent();
    await run(READ_HR);
    const { token } = await join(before, workflow);
    const { session } = await join(before, workflow);
    await before.interlock.close();
    const { interlock } = await world(directory);
    const caller = await interlock.authenticate(token);
    expect(await interlock.run(caller, SEND)).toMatchObject({ decision: 'allow' });
    await interlock.message(caller, workflow, { to: session, kind: 'message' });
    const detail = await interlock.workflow(ADMIN, workflow);
    expect(detail.sessions.map(({ labels }) => labels)).toEqual([['hr'], [], []]);
  });
});

describe('an action id', () => {
  test('is the workflow’s own: in another workflow it is another action with its own effect', async () => {
    const { agent, system } = await world();
    const [one, two] = [await agent(), await agent()];
    for (const { run } of [one, two])
      expect(await run({ id: 'same', ...WRITE })).toMatchObject({ outcome: { status: 'succeeded' } });
    expect(system.effects).toHaveLength(2);
    expect(system.marks.size).toBe(2);
  });

  test('of another agent cannot be taken over, looked at or settled', async () => {
    const gateway = await world();
    const { interlock } = gateway;
    const owner = await gateway.agent();
    const other = await join(gateway, owner.workflow);
    const call = { id: 'mine', ...WRITE };
    await interlock.decide(owner.caller, call);
    await expect(interlock.decide(other.caller, call)).rejects.toMatchObject({ code: 'ACTION_ID_REUSED' });
    for (const attempt of [
      interlock.action(other.caller, 'mine'),
      interlock.explain(other.caller, 'mine'),
      interlock.settle(other.caller, 'mine', { status: 'failed' }),
    ])
      await expect(attempt).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await interlock.action(owner.caller, 'mine')).toMatchObject({ state: 'permitted' });
  });

  test('that was decided to be run is not decided again to be executed by the caller, nor the other way', async () => {
    const { agent, interlock, system } = await world();
    const { caller } = await agent();
    await interlock.run(caller, { id: 'r', ...WRITE });
    await interlock.decide(caller, { id: 'd', ...WRITE });
    await expect(interlock.decide(caller, { id: 'r', ...WRITE })).rejects.toMatchObject({ code: 'ACTION_ID_REUSED' });
    await expect(interlock.run(caller, { id: 'd', ...WRITE })).rejects.toMatchObject({ code: 'ACTION_ID_REUSED' });
    expect(system.effects).toHaveLength(1);
  });

  test('of an undo is not for agents: it would keep an effect from being undone', async () => {
    const { agent, interlock, system } = await world();
    const { caller, run, workflow } = await agent();
    await run({ id: 'first', ...WRITE });
    for (const id of ['undo.first', 'undo.mine'])
      await expect(run({ id, ...WRITE })).rejects.toMatchObject({ code: 'INVALID_CALL' });
    const opener = operator('root', ['open', 'administer']);
    expect(await interlock.undo(opener, workflow)).toMatchObject({ steps: [{ action: 'first' }] });
    await expect(interlock.action(caller, 'undo.mine')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(system.effects).toEqual(['write n1']);
  });

  test('has one outcome: a permit is settled once', async () => {
    const { agent, interlock } = await world();
    const { caller } = await agent();
    await interlock.decide(caller, { id: 'd', ...WRITE });
    const outcome = { status: 'succeeded', result: { ok: true } } as const;
    expect(await interlock.settle(caller, 'd', outcome)).toMatchObject({ state: 'completed' });
    await expect(interlock.settle(caller, 'd', { status: 'failed' })).rejects.toMatchObject({ code: 'PERMIT_USED' });
    await interlock.run(caller, { id: 'r', ...WRITE });
    await expect(interlock.settle(caller, 'r', { status: 'failed' })).rejects.toMatchObject({ code: 'PERMIT_USED' });
  });
});

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

describe('what is fixed when a workflow is opened', () => {
  test.each([
    ['a workflow of another tenant to continue', operator('opener', ['open']), 'evil'],
    ['a workflow that does not exist to continue', OPENER, 'acme'],
  ])('is not %s', async (_title, opener, tenant) => {
    const { agent, interlock } = await world();
    const { workflow } = await agent();
    const continues = tenant === 'evil' ? workflow : 'wf_none';
    const open = interlock.open({ ...opener, tenant }, { onBehalfOf: { id: 'ada' }, continues });
    await expect(open).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test.each([
    ['a user that is no id', { onBehalfOf: { id: 'a b' } }],
    ['no user', {}],
    ['a negative limit', { onBehalfOf: { id: 'ada' }, limits: { create: -1 } }],
    ['a limit on what is no effect', { onBehalfOf: { id: 'ada' }, limits: { think: 1 } }],
    ['labels of its own choice', { onBehalfOf: { id: 'ada' }, labels: [] }],
    ['an id of its own choice', { onBehalfOf: { id: 'ada' }, id: 'wf_1' }],
  ])('is not %s', async (_title, request) => {
    const { interlock } = await world();
    await expect(interlock.open(OPENER, request as never)).rejects.toMatchObject({ code: 'INVALID_CALL' });
    expect(await interlock.workflows(OPENER)).toEqual([]);
  });

  test.each([
    ['run', (interlock: TestGateway['interlock'], caller: Caller) => interlock.run(caller, WRITE)],
    ['decide', (interlock: TestGateway['interlock'], caller: Caller) => interlock.decide(caller, WRITE)],
  ])('limits what is asked for by %s, whichever agent of the workflow asks', async (_title, ask) => {
    const gateway = await world();
    const first = await gateway.agent({ limits: { create: 1 } });
    const second = await join(gateway, first.workflow);
    expect(await ask(gateway.interlock, first.caller)).toMatchObject({ decision: 'allow' });
    expect(await ask(gateway.interlock, second.caller)).toMatchObject({ decision: 'deny', code: 'LIMIT_REACHED' });
  });
});
