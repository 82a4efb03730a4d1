import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../src/lib/clock.ts';
import { createLogger } from '../src/runtime/logger.ts';
import { openLog } from '../src/runtime/open-log.ts';
import { startGateway } from '../src/runtime/start-gateway.ts';
import { createMemoryLog } from '../src/workflow/memory-log.ts';
import type { BenchOptions } from './bench-options.ts';
import { coldOptions, writeColdPolicies } from './cold/cold-options.ts';
import { hydrationIn, processTurn } from './cold/process-turn.ts';
import { asleepInRedis } from './dormant/asleep-in-redis.ts';
import { EVENTS_EACH, fill } from './dormant/fill.ts';
import type { IdleGateway } from './dormant/idle-gateway.ts';
import { shiftedClock } from './dormant/shifted-clock.ts';
import { mustBeAllowed, openWorkflow, REFERENCE_CALL, type ReferenceWorkflow } from './gate/reference-gateway.ts';
import { offer } from './load/offer.ts';
import { type Row, ratioOf, summarise } from './row.ts';
import { type Contender, takeTurns } from './take-turns.ts';

interface Plan {
  readonly asleep: number;
  /** Starts of a process, each with and without a snapshot. */
  readonly starts: number;
  readonly burstWorkflows: number;
  readonly burstActions: number;
  readonly idleSeconds: number;
}

const FULL: Plan = { asleep: 100_000, starts: 20, burstWorkflows: 50, burstActions: 500, idleSeconds: 10 };
const QUICK: Plan = { asleep: 200, starts: 1, burstWorkflows: 2, burstActions: 20, idleSeconds: 1 };

const LONG = 500;
/** Starts that do not count: the first one leaves compiled code behind. */
const WARM_UPS = 1;
const HOUR_MS = 3_600_000;
const BARE = 'a bare process, which says that it has started';

/** What sleeping workflows cost, and what it takes to wake them: disk, memory, processor, and the first decision. */
export async function* benchDormant({
  directory = tmpdir(),
  quick = false,
  onProgress,
}: BenchOptions): AsyncGenerator<Row> {
  const plan = quick ? QUICK : FULL;
  const folder = mkdtempSync(join(directory, 'interlock-bench-'));
  try {
    const [asleep, empty] = [join(folder, 'asleep'), join(folder, 'empty')];
    onProgress?.(`filling ${plan.asleep} workflows`);
    const nothing = await prepare(empty, 0);
    const bytes = (await prepare(asleep, plan.asleep)) - nothing;
    const disk = `disk, each of ${plan.asleep} workflows of ${EVENTS_EACH} events, checkpoints included`;
    yield { bench: 'dormant', case: disk, ...summarise('KiB', [bytes / plan.asleep / 1_024]) };
    onProgress?.('letting them sleep in Redis');
    yield* inRedis(plan, empty);
    onProgress?.(`filling workflows of ${LONG} events`);
    const ofStarts = plan.starts + WARM_UPS;
    const alone = { directory: empty, long: (await fillLong(empty, ofStarts)).long };
    const { long, kept } = await fillLong(asleep, 2 * ofStarts + plan.burstWorkflows);
    yield { bench: 'dormant', case: `disk, snapshot of a workflow of ${LONG} events`, ...summarise('KiB', kept) };
    onProgress?.('idling');
    yield* idleRows(plan, await idle(asleep, plan.idleSeconds), await idle(empty, plan.idleSeconds));
    onProgress?.('starting processes');
    yield* startRows(plan, { alone, crowd: { directory: asleep, long } });
    onProgress?.('a burst after an hour');
    yield* burstRows(plan, asleep, long.slice(2 * ofStarts));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function* inRedis({ asleep }: Plan, directory: string): AsyncGenerator<Row> {
  const options = { ...coldOptions(directory), logger: createLogger('silent') };
  const { interlock, registry } = await startGateway({ ...options, log: createMemoryLog() });
  yield* asleepInRedis(asleep, (log) => fill({ registry }, log, asleep));
  await interlock.close();
}

/** Answers with the bytes that the workflows take on the disk. */
async function prepare(directory: string, asleep: number): Promise<number> {
  mkdirSync(directory);
  writeColdPolicies(directory);
  const options = { ...coldOptions(directory), logger: createLogger('silent') };
  const log = await openLog(options.config, systemClock, {});
  const { interlock, registry } = await startGateway({ ...options, log });
  await fill({ registry }, log, asleep);
  await interlock.close();
  return bytesIn(directory);
}

function bytesIn(directory: string): number {
  const data = join(directory, 'data');
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

/** Made by a process of before: what it keeps when it ends is there. */
async function fillLong(directory: string, count: number) {
  const { interlock } = await startGateway({ ...coldOptions(directory), logger: createLogger('silent') });
  const long: ReferenceWorkflow[] = [];
  while (long.length < count) long.push(await openWorkflow(interlock, LONG));
  await interlock.close();
  const database = new DatabaseSync(join(directory, 'data', 'log.sqlite.snapshots'));
  const sizes = database.prepare('SELECT length(bytes) AS bytes FROM snapshots').all();
  database.close();
  if (sizes.length !== count) throw new Error(`${sizes.length} of ${count} workflows were kept.`);
  return { long, kept: sizes.map(({ bytes }) => Number(bytes) / 1_024) };
}

async function idle(directory: string, seconds: number): Promise<IdleGateway> {
  const child = fork(join(import.meta.dirname, 'dormant', 'idle-gateway.ts'), [directory, String(seconds)], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new AbortController();
  child.once('exit', (code) => exited.abort(new Error(`The idle gateway ended with ${code}.`)));
  const [told] = await once(child, 'message', { signal: exited.signal });
  if (child.exitCode === null) await once(child, 'exit');
  return told as IdleGateway; // what that file sends
}

function* idleRows({ asleep }: Plan, own: IdleGateway, empty: IdleGateway): Generator<Row> {
  const each = [Math.max(0, own.heapBytes - empty.heapBytes) / asleep / 1_024];
  yield { bench: 'dormant', case: `memory, each of ${asleep} sleeping workflows`, ...summarise('KiB', each) };
  const peer = 'processor, an idle gateway on an empty log';
  const [its, cpu] = [summarise('%', empty.cpuPercent), summarise('%', own.cpuPercent)];
  yield { bench: 'dormant', case: `processor, an idle gateway on ${asleep} sleeping workflows`, ...cpu };
  yield { bench: 'dormant', case: peer, ...its };
}

/** Logs with workflows that are woken in them. */
type Folders = Readonly<
  Record<'alone' | 'crowd', { readonly directory: string; readonly long: readonly ReferenceWorkflow[] }>
>;

/** One way of waking a workflow in a process that is just being started. */
interface Waking {
  readonly name: string;
  readonly directory: string;
  readonly workflows: readonly ReferenceWorkflow[];
  readonly losesSnapshot: boolean;
  /** Filled by its turns. */
  readonly hydrationsMs: number[];
}

async function* startRows({ asleep, starts }: Plan, folders: Folders): AsyncGenerator<Row> {
  const waking = (what: string, among: keyof Folders, part: number, losesSnapshot = false): Waking => {
    const { directory, long } = folders[among];
    const workflows = long.slice(part * (starts + WARM_UPS), (part + 1) * (starts + WARM_UPS));
    const name = `start to first decision, workflow of ${LONG} events ${what}`;
    return { name, directory, workflows, losesSnapshot, hydrationsMs: [] };
  };
  const ways = [
    waking('from its snapshot, nothing else in the log', 'alone', 0),
    waking(`from its snapshot, among ${asleep}`, 'crowd', 0),
    waking(`from its events, among ${asleep}`, 'crowd', 1, true),
  ];
  const bareStart = () => processTurn('bare-start.ts', { home: folders.alone.directory });
  const contenders = [{ name: BARE, atOnce: 1, each: 1, prepare: bareStart }, ...ways.map(started)];
  const measured = await takeTurns(contenders, { rounds: starts, warmUpRounds: WARM_UPS, budgetMs: 300_000 });
  const msOf = (name: string) => (measured.get(name)?.latenciesUs ?? []).map((us) => us / 1_000);
  const bare = summarise('ms', msOf(BARE));
  yield { bench: 'dormant', case: BARE, ...bare };
  for (const { name, hydrationsMs } of ways) {
    const own = summarise('ms', msOf(name));
    yield { bench: 'dormant', case: name, ...own, peer: BARE, ratio: ratioOf(own, bare) };
    const hydration = summarise('ms', hydrationsMs.slice(WARM_UPS));
    yield {
      bench: 'dormant',
      case: `${name}: of it, hydration`,
      ...hydration,
      peer: name,
      ratio: ratioOf(hydration, own),
    };
  }
}

function started({ name, directory, workflows, losesSnapshot, hydrationsMs }: Waking): Contender {
  let next = 0;
  const prepare = () => {
    const { id = '', token = '' } = workflows[next++] ?? {};
    if (losesSnapshot) loseSnapshot(directory, id);
    const onMessage = (message: unknown): void => void hydrationsMs.push(hydrationIn(message));
    return processTurn('first-decision.ts', { args: [directory, token], home: directory, onMessage });
  };
  return { name, atOnce: 1, each: 1, prepare };
}

function loseSnapshot(directory: string, workflow: string): void {
  const database = new DatabaseSync(join(directory, 'data', 'log.sqlite.snapshots'));
  database.prepare('DELETE FROM snapshots WHERE workflow = ?').run(workflow);
  database.close();
}

async function* burstRows(plan: Plan, directory: string, workflows: readonly ReferenceWorkflow[]): AsyncGenerator<Row> {
  const clock = shiftedClock();
  const { interlock } = await startGateway({ ...coldOptions(directory), logger: createLogger('silent'), clock });
  try {
    clock.skip(HOUR_MS);
    const burst = async () => {
      const permits: (() => Promise<unknown>)[] = [];
      const { latenciesMs: latencies } = await offer({ perSecond: plan.burstActions, forMs: 1_000 }, async (index) => {
        const token = workflows[index % workflows.length]?.token ?? '';
        const agent = await interlock.authenticate(token);
        const { id } = mustBeAllowed(await interlock.decide(agent, REFERENCE_CALL));
        permits.push(() => interlock.settle(agent, id, { status: 'succeeded' }));
      });
      await Promise.all(permits.map((settle) => settle()));
      return summarise('ms', latencies);
    };
    const name = (state: string) =>
      `${plan.burstActions} actions in a second on ${workflows.length} workflows of ${LONG} events, ${state}`;
    const [asleep, awake] = [await burst(), await burst()];
    const peer = name('awake');
    yield { bench: 'dormant', case: name('after an idle hour'), ...asleep, peer, ratio: ratioOf(asleep, awake) };
    yield { bench: 'dormant', case: peer, ...awake };
  } finally {
    await interlock.close();
  }
}
