import { cpSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FactSubject, FactValue } from '../../src/action/fact.ts';
import type { AnyConnector } from '../../src/connector/contract.ts';
import { BOUNDS } from '../../src/lib/bounds.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { testClock } from '../support/test-clock.ts';
import { newDirectory, operator } from '../support/test-gateway.ts';
import { batchConnector } from './batch-connector.ts';
import type { DeskSystem } from './desk-connector.ts';
import { type Actor, signalWorld } from './signals-world.ts';

const ADMIN = operator('root', ['administer', 'open']);

const set = (name: string) => ({ operation: 'desk.flag.set', input: { name } });
const pay = (to: string) => ({ operation: 'desk.transfer.create', input: { to, cents: 100 } });
const read = (id: string) => ({ operation: 'desk.document.read', input: { id } });

interface Part {
  readonly operation: string;
  readonly input: JsonObject;
}
const batchOf = (calls: readonly Part[]) => ({ calls: calls.map((call) => ({ ...call })) });
const send = (actor: Actor, calls: readonly Part[], id?: string) => actor.run('batch.execute', batchOf(calls), id);

type Look = (subject: FactSubject) => Promise<FactValue | undefined>;

/** The desk, of whose flags it can be asked whether they may be set. */
function askedConnector(system: DeskSystem, look: Look): AnyConnector {
  const connector = batchConnector(system);
  return {
    ...connector,
    connect: async (settings, environment) => ({
      ...(await connector.connect(settings as never, environment)),
      enrichers: [
        {
          name: 'flagOwner',
          title: 'Whose flag it is.',
          type: 'String',
          about: ['Desk::Flag'],
          ttlMs: 600_000,
          fetch: look,
          evidence: [{ mark: 'doc', source: 'this file' }],
        },
      ],
    }),
  };
}

test('a part that waits for a fact is never decided, nor run, without its batch', async () => {
  const policies = `@id("owned") @title("Flags have owners.") @unless("fact(deskFlagOwner, wait: 5s)")
forbid(principal, action == Action::"desk.flag.set", resource);`;
  const owners = new Map([
    ['a', Promise.withResolvers<string>()],
    ['b', Promise.withResolvers<string>()],
  ]);
  const look: Look = ({ id }) => owners.get(id)?.promise ?? Promise.resolve('nobody');
  const world = await signalWorld({ policies, signals: '{}', connector: (system) => askedConnector(system, look) });
  const agent = await world.actor();
  expect(await send(agent, [set('a'), set('b')], 'both')).toMatchObject({ decision: 'defer' });
  owners.get('a')?.resolve('ada');
  await agent.run('flag.set', { name: 'a' }, 'alone');
  expect(await world.interlock.action(agent.caller, 'alone', 5_000)).toMatchObject({ decision: 'allow' });
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(world.system.effects).toEqual(['set a']);
  expect(await world.interlock.action(agent.caller, 'both')).toMatchObject({
    decision: 'defer',
    parts: [{ decision: 'defer' }, { decision: 'defer' }],
  });
  owners.get('b')?.resolve('bob');
  expect(await world.interlock.action(agent.caller, 'both', 5_000)).toMatchObject({
    decision: 'allow',
    parts: [{ outcome: { status: 'succeeded' } }, { outcome: { status: 'succeeded' } }],
  });
  expect(world.system.effects).toEqual(['set a', 'set a', 'set b']);
});

test.each(['redact(result.answers[*].text)', 'drop(result.answers[*].text)'])(
  'what %s takes off the answer of a batch is on none of its parts either',
  async (obligation) => {
    const policies = `@id("quiet") @title("Answers are redacted.") @unless("${obligation}")
forbid(principal, action == Action::"desk.batch.execute", resource);`;
    const world = await signalWorld({ policies, signals: '{}', connector: batchConnector });
    const agent = await world.actor();
    const answer = await send(agent, [read('x'), set('a')], 'all');
    expect(answer).toMatchObject({ decision: 'modify', outcome: { status: 'succeeded' } });
    expect(JSON.stringify(answer)).not.toContain('all about');
    expect(answer.parts).toMatchObject([{ outcome: { status: 'succeeded' } }, { outcome: { status: 'succeeded' } }]);
    const part = await world.interlock.action(agent.caller, 'all#1');
    expect(JSON.stringify(part)).not.toContain('all about');
  },
);

test('what came of an expired batch is told of every part', async () => {
  const clock = testClock();
  const world = await signalWorld({ policies: '', signals: '{}', connector: batchConnector, clock });
  const agent = await world.actor();
  const call = { id: 'mine', operation: 'desk.batch.execute', input: batchOf([set('a'), set('b')]) };
  await world.interlock.decide(agent.caller, call);
  clock.advance(BOUNDS.permitMs);
  await world.interlock.action(agent.caller, 'mine', 5_000);
  const result = { answers: [{ status: 'succeeded' }, { status: 'failed' }] };
  const operators = operator('proxy', ['act']);
  const settled = await world.interlock.settle(operators, 'mine', { status: 'succeeded', result }, agent.workflow);
  expect(settled).toMatchObject({
    outcome: { status: 'succeeded' },
    parts: [{ outcome: { status: 'succeeded' } }, { outcome: { status: 'failed' } }],
  });
  expect(await world.interlock.workflow(ADMIN, agent.workflow)).toMatchObject({ open: 0, counts: { update: 1 } });
});

test('parts can be explained and looked at, one by one', async () => {
  const policies = `@id("no-bob") @title("Bob is paid by nobody.")
forbid(principal, action == Action::"desk.transfer.create", resource) when { context.input.to == "bob" };`;
  const world = await signalWorld({ policies, signals: '{}', connector: batchConnector });
  const agent = await world.actor();
  await send(agent, [set('a'), pay('bob')], 'bad');
  for (const id of ['bad', 'bad#1', 'bad#2'])
    expect(await world.interlock.explain(agent.caller, id)).toMatchObject({ answer: { decision: 'deny' } });
});

test('several batches and single calls at once stay within what is counted', async () => {
  const policies = `@id("three") @title("Three transfers.")
forbid(principal, action == Action::"desk.transfer.create", resource) when { context.signals.transfers >= 3 };
@id("much") @title("Five hundred.")
forbid(principal, action == Action::"desk.transfer.create", resource) when { context.signals.paid >= 300 };`;
  const signals = `transfers: { title: T., kind: count, scope: tenant, events: { operation: desk.transfer.create } }
paid: { title: P., kind: sum, scope: tenant, of: input.cents, events: { operation: desk.transfer.create } }`;
  const world = await signalWorld({ policies, signals, connector: batchConnector });
  const agents = await Promise.all(Array.from({ length: 4 }, () => world.actor()));
  await Promise.all(
    agents.flatMap((agent, index) => [
      send(agent, [pay(`a${index}`), pay(`b${index}`)]),
      agent.run('transfer.create', { to: `c${index}`, cents: 100 }),
    ]),
  );
  expect(world.system.effects.length).toBeLessThanOrEqual(3);
  expect(world.system.effects.length).toBeGreaterThan(0);
});

test('what is known of the record of one part does not stand in for that of another', async () => {
  const policies = `@id("owned") @title("Owners are known.") @unless("fact(deskFlagOwner)")
forbid(principal, action == Action::"desk.transfer.create", resource);
@id("owned-too") @title("Owners are known.") @unless("fact(deskFlagOwner, wait: 5s)")
forbid(principal, action == Action::"desk.flag.set", resource);`;
  const look: Look = async () => 'ada';
  const world = await signalWorld({ policies, signals: '{}', connector: (system) => askedConnector(system, look) });
  const agent = await world.actor();
  await agent.run('flag.set', { name: 'a' }, 'first');
  expect(await world.interlock.action(agent.caller, 'first', 5_000)).toMatchObject({ decision: 'allow' });
  expect(await send(agent, [set('a')])).toMatchObject({ decision: 'allow' });
  expect(await send(agent, [pay('bob')])).toMatchObject({ decision: 'deny', code: 'FACT_MISSING' });
  expect(await send(agent, [set('a'), pay('bob')])).toMatchObject({ decision: 'deny', code: 'FACT_MISSING' });
});

test('a batch that is cut short by a policy runs, counts and answers only what is left', async () => {
  const policies = `@id("two") @title("Two at once.") @unless("limit(input.calls, 2)")
forbid(principal, action == Action::"desk.batch.execute", resource);`;
  const world = await signalWorld({ policies, signals: '{}', connector: batchConnector });
  const agent = await world.actor();
  const answer = await send(agent, [set('a'), set('b'), set('c')], 'all');
  expect(answer).toMatchObject({ decision: 'modify', parts: [{ id: 'all#1' }, { id: 'all#2' }] });
  expect(answer.parts).toHaveLength(2);
  expect(world.system.effects).toEqual(['set a', 'set b']);
  expect(await world.interlock.workflow(ADMIN, agent.workflow)).toMatchObject({ counts: { update: 2 }, open: 0 });
});

test('a gateway that ends while a batch is under way leaves every part unknown, and spent', async () => {
  const one = await signalWorld({ policies: '', signals: '{}', connector: batchConnector });
  const agent = await one.actor();
  const { promise, resolve } = Promise.withResolvers<void>();
  one.system.gate = promise;
  const running = send(agent, [set('a'), pay('bob')], 'all');
  while ((await one.interlock.workflow(ADMIN, agent.workflow)).open === 0)
    await new Promise((turn) => setImmediate(turn));
  await new Promise((turn) => setTimeout(turn, 100));
  const directory = newDirectory();
  cpSync(one.directory, directory, { recursive: true });
  const two = await signalWorld({ policies: '', signals: '{}', connector: batchConnector, directory });
  expect(await two.interlock.workflow(ADMIN, agent.workflow)).toMatchObject({
    counts: { update: 1, spend: 1 },
    actions: [{ outcome: 'unknown' }, { outcome: 'unknown' }, { outcome: 'unknown' }],
  });
  resolve();
  expect(await running).toMatchObject({ outcome: { status: 'succeeded' } });
  expect(two.system.effects).toEqual([]);
});
