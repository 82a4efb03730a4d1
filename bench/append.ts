import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredEvent } from '../src/action/event.ts';
import type { Head } from '../src/action/log-port.ts';
import { chainEvents } from '../src/workflow/chain.ts';
import { createSqliteLog } from '../src/workflow/sqlite-log/create-sqlite-log.ts';
import { BareGroupCommit } from './bare-group-commit.ts';

/** One row of output. `ratio`: how many times as long as the peer, in the same run; 1 is the floor. */
export interface AppendRow {
  readonly bench: 'append';
  readonly case: string;
  readonly unit: 'ms' | 'per second';
  readonly median: number;
  readonly p99: number;
  readonly n: number;
  readonly peer?: string;
  readonly ratio?: number;
}

interface AppendBenchOptions {
  /** The folder that is measured: its disk is what matters. */
  readonly directory?: string | undefined;
  /** Turns that each contender takes, one after the other. */
  readonly turns?: number | undefined;
  /** Appends of one turn. */
  readonly appendsPerTurn?: number | undefined;
}

type Append = (event: StoredEvent, workflow: number) => Promise<void>;

const AT_ONCE = [1, 16, 64, 256];
const PEER = 'bare group commit';
/** With envelope and salt, a row is about 900 bytes. */
const TEXT = 'x'.repeat(450);
const T0 = 1_767_225_600_000;

/** Durable appends of the workflow log beside a bare file with group commit that writes the same bytes, taking turns in one run. */
export async function* benchAppend({
  directory = tmpdir(),
  turns = 9,
  appendsPerTurn = 4_096,
}: AppendBenchOptions = {}): AsyncGenerator<AppendRow> {
  const folder = mkdtempSync(join(directory, 'interlock-bench-'));
  try {
    for (const atOnce of AT_ONCE) {
      const each = Math.max(1, Math.round(appendsPerTurn / Math.max(atOnce, 16)));
      yield* compare(join(folder, `${atOnce}`), { atOnce, turns, each: atOnce === 1 ? appendsPerTurn / 16 : each });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function* compare(
  folder: string,
  { atOnce, turns, each }: { atOnce: number; turns: number; each: number },
): AsyncGenerator<AppendRow> {
  const log = await createSqliteLog({ file: `${folder}/log.sqlite`, synchronous: 'full' });
  const bare = await BareGroupCommit.open(`${folder}/bare.jsonl`);
  const appendToLog: Append = async (event, workflow) => {
    const result = await log.append({ tenant: 'bench', workflow: `wf_${workflow}` }, event.seq - 1, [event], {
      open: 0,
      held: 0,
    });
    if (result.status === 'conflict') throw new Error('The bench appends to each workflow from one place.');
    await result.durable;
  };
  const appendToFile: Append = (event) => bare.append(`${Object.values(event).join(' ')}\n`);
  const ours = new Measured();
  const floor = new Measured();
  let heads: (Head | undefined)[] = Array.from({ length: atOnce }, () => undefined);
  // The first turn warms both up and does not count.
  for (let turn = 0; turn <= turns; turn++) {
    const events = heads.map((head, workflow) => prepare(workflow, head, each));
    const first = await run(appendToLog, events);
    const second = await run(appendToFile, events);
    if (turn > 0) {
      ours.add(first);
      floor.add(second);
    }
    heads = events.map((own) => headOf(own.at(-1)));
  }
  await log.close();
  await bare.close();
  yield* rows(`${atOnce} at once`, ours, floor);
}

/** Chained before the clock starts, for both. */
function prepare(workflow: number, head: Head | undefined, count: number): StoredEvent[] {
  const stream = { tenant: 'bench', workflow: `wf_${workflow}` };
  const event = { type: 'message.sent', payload: { from: 'ses_a', to: 'ses_b', kind: 'message', text: TEXT } } as const;
  return chainEvents({
    stream,
    head,
    events: Array.from({ length: count }, () => event),
    now: T0,
    salt: () => 'c2FsdHNhbHRzYWx0c2FsdA',
  });
}

function headOf(event: StoredEvent | undefined): Head | undefined {
  return event && { version: event.seq, hash: event.hash, at: event.at };
}

interface Turn {
  readonly latenciesMs: readonly number[];
  readonly perSecond: number;
}

/** Everyone appends their own events one after the other, all at once. */
async function run(append: Append, events: readonly (readonly StoredEvent[])[]): Promise<Turn> {
  const latenciesMs: number[] = [];
  const start = performance.now();
  await Promise.all(
    events.map(async (own, workflow) => {
      for (const event of own) {
        const before = performance.now();
        await append(event, workflow);
        latenciesMs.push(performance.now() - before);
      }
    }),
  );
  return { latenciesMs, perSecond: (latenciesMs.length * 1_000) / (performance.now() - start) };
}

class Measured {
  readonly latenciesMs: number[] = [];
  readonly perSecond: number[] = [];

  add({ latenciesMs, perSecond }: Turn): void {
    for (const latency of latenciesMs) this.latenciesMs.push(latency);
    this.perSecond.push(perSecond);
  }
}

function* rows(name: string, ours: Measured, floor: Measured): Generator<AppendRow> {
  const latency = row(`${name}, latency`, 'ms', ours.latenciesMs);
  const latencyFloor = row(`${name}, latency, ${PEER}`, 'ms', floor.latenciesMs);
  yield { ...latency, peer: PEER, ratio: round(latency.median / latencyFloor.median) };
  yield latencyFloor;
  const throughput = row(`${name}, throughput`, 'per second', ours.perSecond);
  const throughputFloor = row(`${name}, throughput, ${PEER}`, 'per second', floor.perSecond);
  yield { ...throughput, peer: PEER, ratio: round(throughputFloor.median / throughput.median) };
  yield throughputFloor;
}

/** For a throughput, p99 is its bad end: the lowest. */
function row(name: string, unit: AppendRow['unit'], values: readonly number[]): AppendRow {
  const sorted = values.toSorted((a, b) => (unit === 'ms' ? a - b : b - a));
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
  return { bench: 'append', case: name, unit, median: at(0.5), p99: at(0.99), n: values.length };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

if (import.meta.main) for await (const line of benchAppend()) console.log(JSON.stringify(line));
