import { describe, expect, test } from 'vitest';
import type { AgentCaller, Caller } from '../../src/gate/interlock.ts';
import { sha256 } from '../../src/lib/digest.ts';
import { newDirectory, OPENER, operator, type TestGateway } from '../support/test-gateway.ts';
import { ADMIN, join, READ_HR, SEND, WRITE, world } from './session-world.ts';

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
