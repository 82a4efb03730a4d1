import { expect, test } from 'vitest';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { testClock } from '../support/test-clock.ts';
import { operator } from '../support/test-gateway.ts';
import { batchConnector } from './batch-connector.ts';
import { DeskSystem } from './desk-connector.ts';
import { replayAlone } from './replay-alone.ts';
import { type Actor, signalWorld } from './signals-world.ts';

const FINANCE = operator('fred', ['approve'], ['finance']);
const ADMIN = operator('root', ['administer', 'open']);

const set = (name: string, more: JsonObject = {}) => ({ operation: 'desk.flag.set', input: { name, ...more } });
const pay = (to: string, cents = 100) => ({ operation: 'desk.transfer.create', input: { to, cents } });
const read = (id: string) => ({ operation: 'desk.document.read', input: { id } });

interface Part {
  readonly operation: string;
  readonly input: JsonObject;
}
const send = (actor: Actor, calls: readonly Part[], id?: string) =>
  actor.run('batch.execute', { calls: calls.map((call) => ({ ...call })) }, id);

async function desk(policies = '', signals = '{}', limits = {}, clock: Clock = systemClock) {
  const system = new DeskSystem();
  const log = createMemoryLog();
  const world = await signalWorld({ policies, signals, system, clock, log, connector: batchConnector });
  const { id } = await world.interlock.open(ADMIN, { onBehalfOf: { id: 'ada' }, limits });
  return { ...world, log, system, workflow: id, agent: await world.actor({ workflow: id }) };
}

test('each part is an action of its own: it counts, it has an outcome, and what it read is exposed', async () => {
  const { interlock, agent, system, workflow } = await desk();
  const answer = await send(agent, [set('a'), pay('bob', 250), read('hr-1')], 'all');
  expect(answer).toMatchObject({
    decision: 'allow',
    outcome: { status: 'succeeded' },
    parts: [
      { id: 'all#1', operation: 'desk.flag.set', decision: 'allow', outcome: { status: 'succeeded' } },
      { id: 'all#2', operation: 'desk.transfer.create', outcome: { status: 'succeeded' } },
      { id: 'all#3', operation: 'desk.document.read', outcome: { result: { text: 'all about hr-1' } } },
    ],
  });
  expect(system.effects).toEqual(['set a', 'transfer bob']);
  const detail = await interlock.workflow(ADMIN, workflow);
  expect(detail).toMatchObject({ labels: ['hr'], counts: { update: 1, spend: 1, read: 1 }, open: 0 });
  expect(detail.sessions[0]).toMatchObject({ actions: 3, labels: ['hr'] });
  const { nodes } = await interlock.graph(ADMIN, workflow);
  expect(nodes.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Desk::Flag a', 'Desk::Account bob', 'Desk::Document hr-1']),
  );
});

test('one part that is forbidden denies all, says which, and nothing is sent', async () => {
  const policies = `@id("no-bob") @title("Bob is paid by nobody.")
forbid(principal, action == Action::"desk.transfer.create", resource) when { context.input.to == "bob" };`;
  const { interlock, agent, system, workflow } = await desk(policies);
  expect(await send(agent, [set('a'), pay('carol'), pay('bob')])).toMatchObject({
    decision: 'deny',
    code: 'DENIED_BY_POLICY',
    reasons: [{ policy: 'no-bob', part: 3 }],
    parts: [{ decision: 'deny' }, { decision: 'deny' }, { decision: 'deny' }],
  });
  expect(system.effects).toEqual([]);
  expect(await interlock.workflow(ADMIN, workflow)).toMatchObject({ counts: { update: 0, spend: 0 }, open: 0 });
  expect(await send(agent, [set('a'), pay('carol')])).toMatchObject({ decision: 'allow' });
});

test.each([
  { title: 'updates', limits: { update: 2 }, calls: [set('a'), set('b'), set('c')] },
  { title: 'actions', limits: { actions: 2 }, calls: [set('a'), read('b'), pay('c')] },
])('a limit of $title holds for the parts together', async ({ limits, calls }) => {
  const { agent, system } = await desk('', undefined, limits);
  expect(await send(agent, calls)).toMatchObject({ decision: 'deny', code: 'LIMIT_REACHED' });
  expect(await send(agent, calls.slice(0, 2))).toMatchObject({ decision: 'allow' });
  const [first] = calls;
  expect(await send(agent, first === undefined ? [] : [first])).toMatchObject({ code: 'LIMIT_REACHED' });
  expect(system.effects.length).toBeGreaterThan(0);
});

test('a signal counts the parts that come before, also within the batch', async () => {
  const policies = `@id("three") @title("Three transfers.")
forbid(principal, action == Action::"desk.transfer.create", resource) when { context.signals.transfers >= 3 };`;
  const signals =
    'transfers: { title: Transfers., kind: count, scope: tenant, events: { operation: desk.transfer.create } }';
  const { agent, system } = await desk(policies, signals);
  expect(await send(agent, [pay('a'), pay('b'), pay('c'), pay('d')])).toMatchObject({
    decision: 'deny',
    reasons: [{ policy: 'three', part: 4 }],
  });
  expect(await send(agent, [pay('a'), pay('b')])).toMatchObject({ decision: 'allow' });
  expect(await send(agent, [pay('c'), pay('d')])).toMatchObject({ decision: 'deny' });
  expect(await send(agent, [pay('c')])).toMatchObject({ decision: 'allow' });
  expect(await agent.run('transfer.create', { to: 'd', cents: 1 })).toMatchObject({ decision: 'deny' });
  expect(system.effects).toEqual(['transfer a', 'transfer b', 'transfer c']);
});

test('policies see what the parts before have counted and exposed to', async () => {
  const policies = `@id("two") @title("Two updates.")
forbid(principal, action == Action::"desk.flag.set", resource) when { context.workflow.counts.update >= 2 };
@id("sealed") @title("Who has read personnel files pays nobody.")
forbid(principal in Label::"hr", action == Action::"desk.transfer.create", resource);`;
  const { agent } = await desk(policies);
  expect(await send(agent, [set('a'), set('b'), set('c')])).toMatchObject({ reasons: [{ policy: 'two', part: 3 }] });
  expect(await send(agent, [read('hr-1'), pay('bob')])).toMatchObject({ reasons: [{ policy: 'sealed', part: 2 }] });
  expect(await send(agent, [pay('bob'), read('hr-1')])).toMatchObject({ decision: 'allow' });
});

test('policies see what the parts before can have shown: labels of who wrote there, and those of an answer yet to come', async () => {
  const world = await desk(`@id("sealed") @title("Who has read personnel files pays nobody.")
forbid(principal in Label::"hr", action == Action::"desk.transfer.create", resource);`);
  const note = (name: string) => ({ operation: 'desk.flag.read', input: { name } });
  const search = { operation: 'desk.document.search', input: { words: 'anything' } };
  const sealed = { reasons: [{ policy: 'sealed', part: 2 }] };
  expect(await send(world.agent, [search, pay('bob')])).toMatchObject(sealed);
  expect(await send(world.agent, [pay('bob'), search])).toMatchObject({ decision: 'allow' });
  const clean = await world.actor();
  const exposed = await world.actor({ workflow: clean.workflow });
  await exposed.run('document.read', { id: 'hr-1' });
  await exposed.run('flag.set', { name: 'a', note: 'secret' });
  expect(await send(clean, [note('b'), pay('bob')])).toMatchObject({ decision: 'allow' });
  expect(await send(clean, [note('a'), pay('bob')])).toMatchObject(sealed);
});

test('a part that failed gives back what it reserved, and the others keep theirs', async () => {
  const { interlock, agent, system, workflow } = await desk('', undefined, { update: 2 });
  system.fault = (effect) => (effect === 'set b' ? 'refuse' : undefined);
  expect(await send(agent, [set('a'), set('b')])).toMatchObject({
    parts: [{ outcome: { status: 'succeeded' } }, { outcome: { status: 'failed', code: 'EXECUTION_FAILED' } }],
  });
  expect(await interlock.workflow(ADMIN, workflow)).toMatchObject({ counts: { update: 1 }, open: 0 });
  expect(await send(agent, [set('c')])).toMatchObject({ decision: 'allow' });
});

test('where it is not known what came of one part, it is not known of the whole, and what it reserved stays spent', async () => {
  const { interlock, agent, system, workflow } = await desk();
  system.fault = (effect) => (effect === 'set b' ? 'after' : undefined);
  expect(await send(agent, [set('a'), set('b')])).toMatchObject({
    outcome: { status: 'unknown', code: 'OUTCOME_UNKNOWN' },
    parts: [{ outcome: { status: 'succeeded' } }, { outcome: { status: 'unknown' } }],
  });
  expect(await interlock.workflow(ADMIN, workflow)).toMatchObject({ counts: { update: 2 } });
  system.cutsOff = true;
  expect(await send(agent, [set('c'), set('b')])).toMatchObject({
    outcome: { status: 'unknown' },
    parts: [{ outcome: { status: 'unknown' } }, { outcome: { status: 'unknown' } }],
  });
  expect(await interlock.workflow(ADMIN, workflow)).toMatchObject({ counts: { update: 4 } });
});

test('a part that needs a human holds the whole until one has answered, and then every part counts once', async () => {
  const policies = `@id("ask") @title("Finance approves transfers.") @unless("approval(finance)")
forbid(principal, action == Action::"desk.transfer.create", resource);`;
  const { interlock, agent, system, workflow } = await desk(policies);
  const held = await send(agent, [set('a'), pay('bob')], 'held');
  expect(held).toMatchObject({ decision: 'step_up', state: 'held', parts: [{ decision: 'step_up' }, {}] });
  expect(system.effects).toEqual([]);
  const [approval = ''] = held.approval?.ids ?? [];
  await interlock.answerApproval(FINANCE, approval, { answer: 'approve', reason: 'fine' });
  expect(await interlock.action(agent.caller, 'held', 5_000)).toMatchObject({
    decision: 'allow',
    outcome: { status: 'succeeded' },
    parts: [{ outcome: { status: 'succeeded' } }, { outcome: { status: 'succeeded' } }],
  });
  expect(system.effects).toEqual(['set a', 'transfer bob']);
  expect(await interlock.workflow(ADMIN, workflow)).toMatchObject({
    counts: { update: 1, spend: 1 },
    open: 0,
    held: 0,
  });
});

test('a part that a policy would change is refused, because another batch would be left', async () => {
  const policies = `@id("clean") @title("Notes are redacted.") @unless("redact(input.note)")
forbid(principal, action == Action::"desk.flag.set", resource) when { context.input has note };`;
  const { agent, system } = await desk(policies);
  expect(await send(agent, [set('a', { note: 'secret' })])).toMatchObject({
    decision: 'deny',
    code: 'OBLIGATION_IMPOSSIBLE',
  });
  expect(system.effects).toEqual([]);
  expect(await agent.run('flag.set', { name: 'a', note: 'secret' })).toMatchObject({ decision: 'modify' });
});

test.each([
  { title: 'nothing', calls: [] },
  { title: 'what is no operation', calls: [{ operation: 'desk.nothing.here', input: {} }] },
  { title: 'a batch in a batch', calls: [{ operation: 'desk.batch.execute', input: { calls: [] } }] },
  { title: 'an input that its operation does not take', calls: [{ operation: 'desk.flag.set', input: { nome: 'a' } }] },
])('a batch of $title is no call', async ({ calls }) => {
  const { agent, system } = await desk();
  await expect(agent.run('batch.execute', { calls })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  expect(system.effects).toEqual([]);
});

test('more parts than the bound are refused before any is judged', async () => {
  const { agent } = await desk();
  const calls = Array.from({ length: 101 }, (_, index) => set(`f${index}`));
  await expect(send(agent, calls)).rejects.toMatchObject({ code: 'TOO_LARGE' });
});

test('a batch is taken back part by part, the last first', async () => {
  const { interlock, agent, system, workflow } = await desk();
  await send(agent, [set('a'), pay('bob'), set('b')], 'all');
  const { steps } = await interlock.undo(ADMIN, workflow);
  expect(steps).toMatchObject([
    { action: 'all#3', status: 'undone' },
    { action: 'all#2', status: 'impossible', detail: 'Money that was sent is gone.' },
    { action: 'all#1', status: 'undone' },
  ]);
  expect(system.effects).toEqual(['set a', 'transfer bob', 'set b', 'clear b', 'clear a']);
});

test('a caller that executes itself settles the whole; a part has no permit of its own', async () => {
  const { interlock, agent } = await desk();
  const calls = [set('a'), pay('bob')];
  const call = { id: 'mine', operation: 'desk.batch.execute', input: { calls } };
  expect(await interlock.decide(agent.caller, call)).toMatchObject({ decision: 'allow', state: 'permitted' });
  await expect(interlock.settle(agent.caller, 'mine#1', { status: 'failed' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  const result = { answers: [{ status: 'succeeded' }, { status: 'failed' }] };
  expect(await interlock.settle(agent.caller, 'mine', { status: 'succeeded', result })).toMatchObject({
    parts: [{ outcome: { status: 'succeeded' } }, { outcome: { status: 'failed' } }],
  });
});

test('an agent cannot name an action like a part', async () => {
  const { agent } = await desk();
  await expect(agent.run('flag.set', { name: 'a' }, 'x#1')).rejects.toMatchObject({ code: 'INVALID_CALL' });
});

test('a held batch whose time is over is denied with all of its parts', async () => {
  const clock = testClock();
  const policies = `@id("ask") @title("Finance approves transfers.") @unless("approval(finance, within: 1m)")
forbid(principal, action == Action::"desk.transfer.create", resource);`;
  const { interlock, agent, system, workflow } = await desk(policies, undefined, {}, clock);
  await send(agent, [set('a'), pay('bob')], 'late');
  clock.advance(60_000);
  expect(await interlock.action(agent.caller, 'late', 5_000)).toMatchObject({
    decision: 'deny',
    code: 'APPROVAL_EXPIRED',
    parts: [{ decision: 'deny' }, { decision: 'deny' }],
  });
  expect(system.effects).toEqual([]);
  expect(await interlock.workflow(ADMIN, workflow)).toMatchObject({ open: 0, held: 0, counts: { spend: 0 } });
});

test('a permit that nobody settled leaves every part unknown, and spent', async () => {
  const clock = testClock();
  const { interlock, agent, workflow } = await desk('', undefined, {}, clock);
  const calls = [set('a'), pay('bob')];
  await interlock.decide(agent.caller, { id: 'mine', operation: 'desk.batch.execute', input: { calls } });
  clock.advance(BOUNDS.permitMs);
  expect(await interlock.action(agent.caller, 'mine', 5_000)).toMatchObject({
    outcome: { status: 'unknown' },
    parts: [{ outcome: { status: 'unknown' } }, { outcome: { status: 'unknown' } }],
  });
  expect(await interlock.workflow(ADMIN, workflow)).toMatchObject({ open: 0, counts: { update: 1, spend: 1 } });
});

test('a whole decision with all of its parts replays alone to the same', async () => {
  const policies = `@id("two") @title("Two updates.")
forbid(principal, action == Action::"desk.flag.set", resource) when { context.workflow.counts.update >= 2 };`;
  const { agent, log, registry, policySet } = await desk(policies);
  await send(agent, [set('a'), set('b')]);
  await send(agent, [set('c')]);
  await send(agent, [read('x'), pay('bob')]);
  const replayed = await replayAlone({ log, registry, policySet: policySet() });
  const wholes = replayed.filter(({ recorded }) => recorded['partOf'] === undefined);
  expect(wholes.map(({ recorded }) => recorded['decision'])).toEqual(['allow', 'deny', 'allow']);
  for (const { recorded, again } of wholes) expect(again).toEqual(recorded);
});
