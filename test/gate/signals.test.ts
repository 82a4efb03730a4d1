import { describe, expect, test } from 'vitest';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { failingLog, isOfType } from '../support/failing-log.ts';
import { testClock } from '../support/test-clock.ts';
import { newDirectory, operator } from '../support/test-gateway.ts';
import { replayAlone } from './replay-alone.ts';
import { type SignalWorld, signalWorld } from './signals-world.ts';

const HOUR_MS = 3_600_000;

const writes = (scope: string, within = '') => `
writes:
  { title: Documents written., kind: count, scope: ${scope}, ${within} events: { operation: desk.document.write } }`;
const forbidWrites = (most: number) => `@id("writes") @title("So many documents are written.")
forbid(principal, action == Action::"desk.document.write", resource) when { context.signals.writes >= ${most} };`;

const write = { document: 'd1' };
const reasonsOf = ({ reasons }: { readonly reasons: readonly { readonly policy: string }[] }) =>
  reasons.map(({ policy }) => policy);

async function writesAllowed(world: SignalWorld, user = 'ada'): Promise<number> {
  const actor = await world.actor({ user });
  for (let allowed = 0; ; allowed++)
    if ((await actor.run('document.write', write)).decision !== 'allow') return allowed;
}

describe('a signal', () => {
  test('denies by the policy that reads it, and is in the decision that read it and in its explanation', async () => {
    const world = await signalWorld({ signals: writes('workflow'), policies: forbidWrites(2) });
    const actor = await world.actor();
    await actor.run('document.write', write);
    await actor.run('document.write', write);
    const third = await actor.run('document.write', write, 'third');
    expect(reasonsOf(third)).toEqual(['writes']);
    const { action, seen } = await world.interlock.explain(actor.caller, 'third');
    expect(action.decided.signals).toEqual([{ writes: 2 }]);
    expect(seen.values).toContainEqual(expect.objectContaining({ path: 'context.signals.writes', value: 2 }));
    const read = await actor.run('document.read', { id: 'd1' }, 'read');
    expect(read.decision).toBe('allow');
    const other = await world.interlock.explain(actor.caller, 'read');
    expect(other.action.decided.signals).toBeUndefined();
  });

  test('of a workflow does not see other workflows; of a user, other users; of a tenant, other tenants', async () => {
    for (const [scope, expected] of [
      ['workflow', [2, 2, 2]],
      ['user', [2, 0, 2]],
      ['tenant', [2, 0, 0]],
    ] as const) {
      const world = await signalWorld({ signals: writes(scope), policies: forbidWrites(2) });
      const found = [await writesAllowed(world), await writesAllowed(world), await writesAllowed(world, 'bob')];
      expect([scope, found]).toEqual([scope, expected]);
      const elsewhere = { ...operator('opener', ['open']), tenant: 'globex' };
      const { id } = await world.interlock.open(elsewhere, { onBehalfOf: { id: 'ada' } });
      const { token } = await world.interlock.openSession(elsewhere, id, { agent: 'helper' });
      const caller = await world.interlock.authenticate(token);
      const call = { operation: 'desk.document.write', input: write };
      expect((await world.interlock.run(caller, call)).decision).toBe('allow');
    }
  });

  test('counts a window by the clock of the decision', async () => {
    const clock = testClock();
    const world = await signalWorld({ signals: writes('tenant', 'within: 1h,'), policies: forbidWrites(2), clock });
    expect(await writesAllowed(world)).toBe(2);
    clock.advance(HOUR_MS - 1);
    expect(await writesAllowed(world)).toBe(0);
    clock.advance(1);
    expect(await writesAllowed(world)).toBe(2);
  });

  test('is filled from the log after a restart, and when it is declared for the first time', async () => {
    const directory = newDirectory();
    const first = await signalWorld({ signals: '', policies: '', directory });
    const actor = await first.actor();
    for (let time = 0; time < 3; time++) await actor.run('document.write', write);
    await first.change(forbidWrites(4), writes('tenant'));
    expect(await writesAllowed(first)).toBe(1);
    await first.change(forbidWrites(6), `${writes('user')}\n`);
    expect(await writesAllowed(first)).toBe(2);
    await first.interlock.close();
    const second = await signalWorld({ signals: writes('tenant'), policies: forbidWrites(7), directory });
    expect(await writesAllowed(second)).toBe(1);
  });

  test('of a workflow is filled from its view when it is declared, and when the workflow is loaded again', async () => {
    const directory = newDirectory();
    const first = await signalWorld({ signals: '', policies: '', directory });
    const actor = await first.actor();
    for (let time = 0; time < 3; time++) await actor.run('document.write', write);
    await first.change(forbidWrites(4), writes('workflow'));
    expect((await actor.run('document.write', write)).decision).toBe('allow');
    expect((await actor.run('document.write', write)).decision).toBe('deny');
    await first.interlock.close();
    const second = await signalWorld({ signals: writes('workflow'), policies: forbidWrites(5), directory });
    const again = await second.actor({ workflow: actor.workflow });
    expect((await again.run('document.write', write)).decision).toBe('allow');
    expect((await again.run('document.write', write)).decision).toBe('deny');
  });

  test('takes back what the log did not take, and what the disk lost', async () => {
    for (const how of ['refuse', 'lose'] as const) {
      const log = failingLog(createMemoryLog());
      const world = await signalWorld({ signals: writes('tenant'), policies: forbidWrites(2), log });
      const actor = await world.actor();
      await actor.run('document.write', write);
      log.fail = { how, when: isOfType('action.decided') };
      await expect(actor.run('document.write', write)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
      log.fail = undefined;
      expect([how, await writesAllowed(world)]).toEqual([how, 1]);
    }
  });

  test('does not take the word of an agent for what it did itself', async () => {
    const signals = `${writes('user')}
read: { title: It was read., kind: formerly, scope: user, events: { operation: desk.document.read } }`;
    const world = await signalWorld({
      signals,
      policies: `${forbidWrites(2)}
        @id("unread") @title("Read first.")
        forbid(principal, action == Action::"desk.document.write", resource) unless { context.signals.read };`,
    });
    const { interlock } = world;
    const actor = await world.actor();
    const permit = (id: string, operation: string, input: Record<string, string>) =>
      interlock.decide(actor.caller, { id, operation, input });
    await permit('read', 'desk.document.read', { id: 'd1' });
    await interlock.settle(actor.caller, 'read', { status: 'succeeded', result: { ok: true } });
    expect(reasonsOf(await actor.run('document.write', write))).toEqual(['unread']);
    await actor.run('document.read', { id: 'd1' });
    for (const id of ['one', 'two']) {
      await permit(id, 'desk.document.write', write);
      await interlock.settle(actor.caller, id, { status: 'failed', detail: 'it did not work' });
    }
    expect(reasonsOf(await actor.run('document.write', write))).toEqual(['writes']);
  });

  test('that forgot what it would need denies with a code of its own, until its window has passed', async () => {
    const clock = testClock();
    const signals = `
seen:
  { title: Values., kind: distinct, as: set, of: input.id, within: 1h, events: { operation: desk.document.read } }`;
    const world = await signalWorld({
      signals,
      policies: `@id("seen") @title("Not twice.") forbid(principal, action == Action::"desk.document.read", resource)
        when { context.signals.seen.contains(context.input.id) };`,
      clock,
    });
    const actor = await world.actor();
    const read = (id: string) => actor.run('document.read', { id });
    for (let each = 0; each < BOUNDS.signalSetValues; each++) expect((await read(`d${each}`)).decision).toBe('allow');
    expect((await read('d0')).decision).toBe('deny');
    expect((await read('one-more')).decision).toBe('allow');
    expect(await read('another')).toMatchObject({ decision: 'deny', reasons: [{ policy: 'SIGNAL_FORGOTTEN' }] });
    clock.advance(HOUR_MS);
    expect((await read('d0')).decision).toBe('allow');
  });

  test('shows entities, times and sets, which both evaluators read alike', async () => {
    const world = await signalWorld({
      signals: `
owner: { title: x, kind: first, of: agent, events: { operation: desk.document.write }, where: same resource }
readAt: { title: x, kind: last, of: at, events: { operation: desk.document.read } }
users: { title: x, kind: distinct, as: set, of: user, scope: tenant, events: {} }
ids: { title: x, kind: distinct, as: set, of: input.id, events: { operation: desk.document.read } }
document: { title: x, kind: last, of: resource, events: { operation: desk.document.read } }`,
      policies: `@id("owner") @title("x") forbid(principal, action == Action::"desk.document.write", resource)
        when { context.signals has owner && !(principal in context.signals.owner) };
        @id("fresh") @title("x") forbid(principal, action == Action::"desk.document.write", resource)
        unless { context.signals has readAt && context.now.durationSince(context.signals.readAt) < duration("1h") };
        @id("alone") @title("x") forbid(principal, action == Action::"desk.document.write", resource)
        unless { context.signals.users.contains(context.user) };
        @id("known") @title("x") forbid(principal, action == Action::"desk.document.write", resource)
        unless { context.signals.ids.contains(context.input.document) };
        @id("same") @title("x") forbid(principal, action == Action::"desk.document.write", resource)
        unless { context.signals has document && context.signals.document == resource };`,
    });
    const actor = await world.actor();
    expect(reasonsOf(await actor.run('document.write', write))).toEqual(['alone', 'fresh', 'known', 'same']);
    await actor.run('document.read', { id: 'd1' });
    expect((await actor.run('document.write', write)).decision).toBe('allow');
    const other = await world.actor({ workflow: actor.workflow, agent: 'other' });
    expect(reasonsOf(await other.run('document.write', write))).toEqual(['owner']);
  });

  test('that is of another type by now does not keep anybody from looking back', async () => {
    const world = await signalWorld({ signals: writes('workflow'), policies: forbidWrites(2) });
    const actor = await world.actor();
    await actor.run('document.write', write, 'one');
    await world.change(
      '@id("w") @title("x") forbid(principal, action == Action::"desk.document.write", resource) when { context.signals.writes };',
      'writes: { title: x, kind: formerly, events: { operation: desk.document.write } }',
    );
    const { action } = await world.interlock.explain(actor.caller, 'one');
    expect(action.decided.signals).toEqual([{ writes: 0 }]);
  });

  test('rests on what another signal was when its actions were decided', async () => {
    const world = await signalWorld({
      signals: `
known:
  { title: Paid before., kind: formerly, scope: user, events: { operation: desk.transfer.create }, where: same input.to }
strangers:
  title: Transfers to somebody who was not known.
  kind: count
  scope: user
  events: { operation: desk.transfer.create, signal: { known: false } }`,
      policies: `@id("two-strangers") @title("Two strangers are paid.")
        forbid(principal, action == Action::"desk.transfer.create", resource)
        when { context.signals.strangers >= 2 && !context.signals.known };`,
    });
    const actor = await world.actor();
    const pay = async (to: string) => (await actor.run('transfer.create', { to, cents: 1 })).decision;
    expect([await pay('x'), await pay('x'), await pay('y'), await pay('x'), await pay('z'), await pay('y')]).toEqual([
      'allow',
      'allow',
      'allow',
      'allow',
      'deny',
      'allow',
    ]);
  });

  test('does not count an action that waited when it is decided anew', async () => {
    const world = await signalWorld({
      signals: `
underway: { title: Waiting., kind: count, events: { operation: desk.document.write, decision: held } }`,
      policies: `@id("ask") @title("Ask.") @unless("approval(security, within: 10m)")
        forbid(principal, action == Action::"desk.document.write", resource);
        @id("one") @title("One waits at a time.")
        forbid(principal, action == Action::"desk.document.write", resource) when { context.signals.underway >= 1 };`,
    });
    const actor = await world.actor();
    const asked = await actor.run('document.write', write, 'held');
    expect(asked.decision).toBe('step_up');
    expect(reasonsOf(await actor.run('document.write', write, 'second'))).toContain('one');
    const grace = operator('grace', ['approve'], ['security']);
    for (const id of asked.approval?.ids ?? [])
      await world.interlock.answerApproval(grace, id, { answer: 'approve', reason: 'fine' });
    expect(await world.interlock.action(actor.caller, 'held', 60_000)).toMatchObject({ decision: 'allow' });
  });

  test('is read for the input as it was sent and as obligations made it, and both are recorded', async () => {
    const log = createMemoryLog();
    const world = await signalWorld({
      log,
      signals: `
copies:
  title: Copies, with these.
  kind: sum
  of: effect.count
  events: { operation: desk.document.write }
  includePresent: true`,
      policies: `@id("capped") @title("At most two copies.") @unless("cap(input.copies, 2)")
        forbid(principal, action == Action::"desk.document.write", resource)
        when { context.signals.copies > 2 && context.input has copies && context.input.copies > 2 };`,
    });
    const actor = await world.actor();
    expect((await actor.run('document.write', { ...write, copies: 9 }, 'capped')).decision).toBe('modify');
    const { action } = await world.interlock.explain(actor.caller, 'capped');
    expect(action.decided.signals).toEqual([{ copies: 9 }, { copies: 2 }]);
    const replayed = await replayAlone({ log, registry: world.registry, policySet: world.policySet() });
    expect(replayed.map(({ again }) => again)).toEqual(replayed.map(({ recorded }) => recorded));
  });
});
