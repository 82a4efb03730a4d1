import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { WorkflowLog } from '../../src/action/log-port.ts';
import { seededRandom } from '../../src/connector/simulator/seeded-random.ts';
import { canonicalJson } from '../../src/lib/canonical-json.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { parseEvent } from '../../src/workflow/chain.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { DeskSystem } from './desk-connector.ts';
import { replayAlone } from './replay-alone.ts';
import { type Actor, type SignalWorld, signalWorld } from './signals-world.ts';

const SIGNALS = `
writesHere: { title: in this workflow, kind: count, events: { operation: desk.document.write } }
requestsOfUser:
  { title: of this user, kind: count, scope: user, within: 1h, events: { operation: desk.change.request } }
executionsOfAgent:
  { title: of this agent, kind: count, scope: agent, within: 1h, events: { operation: desk.change.execute } }
spentByAll:
  title: by all together
  kind: sum
  of: effect.amount
  scope: tenant
  within: 1h
  events: { operation: desk.transfer.create }
  where: same effect.currency
  includePresent: true
`;

const POLICIES = `
@id("workflow") @title("Seven are written per workflow.")
forbid(principal, action == Action::"desk.document.write", resource) when { context.signals.writesHere >= 7 };
@id("user") @title("Eleven are requested per user.")
forbid(principal, action == Action::"desk.change.request", resource) when { context.signals.requestsOfUser >= 11 };
@id("agent") @title("Five are executed per agent.")
forbid(principal, action == Action::"desk.change.execute", resource) when { context.signals.executionsOfAgent >= 5 };
@id("tenant") @title("Twenty-three are spent by all.")
forbid(principal, action == Action::"desk.transfer.create", resource)
when { context.signals has spentByAll && context.signals.spentByAll > 23 };`;

/** A log whose appends take their time, each another one, and sometimes fail. */
function unsteady(inner: WorkflowLog, random: () => number): WorkflowLog {
  return {
    ...inner,
    async append(...args) {
      for (let turns = Math.floor(random() * 4); turns > 0; turns--) await setImmediate();
      const isDecision = args[2].some(({ type }) => type === 'action.decided');
      if (isDecision && random() < 0.05) throw new InterlockError('LOG_UNAVAILABLE', 'the disk is full');
      return inner.append(...args);
    },
  };
}

interface Stage {
  readonly world: SignalWorld;
  readonly log: WorkflowLog;
  readonly actors: readonly Actor[];
  readonly random: () => number;
}

/** Ten agents in five workflows of two users, over a desk that fails three times in ten. */
async function stage(seed: number): Promise<Stage> {
  const random = seededRandom(seed);
  const system = new DeskSystem();
  system.fault = () => {
    const drawn = random();
    if (drawn < 0.1) return 'refuse';
    if (drawn < 0.2) return 'before';
    return drawn < 0.3 ? 'after' : undefined;
  };
  const log = createMemoryLog();
  const world = await signalWorld({ signals: SIGNALS, policies: POLICIES, log: unsteady(log, random), system });
  const actors: Actor[] = [];
  for (let at = 0; at < 5; at++) {
    const first = await world.actor({ user: at < 3 ? 'ada' : 'bob', agent: `agent-${at}` });
    actors.push(first, await world.actor({ workflow: first.workflow, agent: `agent-${at + 5}` }));
  }
  return { world, log, actors, random };
}

const CALLS = [
  ['document.write', () => ({ document: 'd' })],
  ['change.request', () => ({ change: 'c' })],
  ['change.execute', () => ({ change: 'c' })],
  ['transfer.create', () => ({ to: 'x', cents: 1 })],
] as const;

/** So many actions of each kind at once; whatever the log could not take is as if it had not been asked. */
async function wave({ actors, random }: Stage, size: number): Promise<void> {
  const under = Array.from({ length: size }, async (_, index) => {
    await setImmediate();
    const actor = actors[Math.floor(random() * actors.length)];
    const [operation, input] = CALLS[index % CALLS.length] ?? CALLS[0];
    return actor?.run(operation, input());
  });
  for (const { reason } of (await Promise.allSettled(under)).filter((each) => each.status === 'rejected'))
    expect(reason).toMatchObject({ code: 'LOG_UNAVAILABLE' });
}

interface Spent {
  readonly operation: string;
  readonly workflow: string;
  readonly user: string;
  readonly agent: string;
}

/** What was allowed and has not failed, as the log says. */
async function spentIn(log: WorkflowLog): Promise<readonly Spent[]> {
  const spent = new Map<string, Spent>();
  for (const stream of await log.list({ tenant: 'acme' })) {
    for (const event of (await log.read(stream)).map(parseEvent)) {
      if (event.type === 'action.decided' && event.payload.decision === 'allow') {
        const { action, operation, onBehalfOf: user, agent } = event.payload;
        spent.set(action, { operation: operation.slice('desk.'.length), workflow: stream.workflow, user, agent });
      }
      if (event.type === 'action.completed' && event.payload.status === 'failed') spent.delete(event.payload.action);
    }
  }
  return [...spent.values()];
}

function countsBy(spent: readonly Spent[], operation: string, key: (each: Spent) => string): readonly number[] {
  const counts = new Map<string, number>();
  for (const each of spent) if (each.operation === operation) counts.set(key(each), (counts.get(key(each)) ?? 0) + 1);
  return [...counts.values()];
}

describe.each([1, 2, 3])('two hundred actions at once, three in ten of them failing (seed %i)', (seed) => {
  test('spend each limit exactly: of a workflow, a user, an agent and the tenant; and every decision replays alone', async () => {
    const at = await stage(seed);
    await wave(at, 200);
    const first = await spentIn(at.log);
    const over = (operation: string, key: (each: Spent) => string, most: number) =>
      countsBy(first, operation, key).filter((count) => count > most);
    expect(over('document.write', ({ workflow }) => workflow, 7)).toEqual([]);
    expect(over('change.request', ({ user }) => user, 11)).toEqual([]);
    expect(over('change.execute', ({ agent }) => agent, 5)).toEqual([]);
    expect(over('transfer.create', () => '', 23)).toEqual([]);
    // What failed was given back: whoever asks again gets exactly that.
    for (let more = 0; more < 6; more++) await wave(at, 200);
    const spent = await spentIn(at.log);
    expect(countsBy(spent, 'document.write', ({ workflow }) => workflow)).toEqual([7, 7, 7, 7, 7]);
    expect(countsBy(spent, 'change.request', ({ user }) => user)).toEqual([11, 11]);
    expect(countsBy(spent, 'change.execute', ({ agent }) => agent)).toEqual(Array.from({ length: 10 }, () => 5));
    expect(countsBy(spent, 'transfer.create', () => '')).toEqual([23]);
    const { registry, policySet } = at.world;
    const replayed = await replayAlone({ log: at.log, registry, policySet: policySet() });
    expect(replayed.length).toBeGreaterThan(1_000);
    expect(replayed.filter(({ recorded, again }) => canonicalJson(recorded) !== canonicalJson(again ?? {}))).toEqual(
      [],
    );
  });
});
