import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredEvent } from '../src/action/event.ts';
import type { Head } from '../src/action/log-port.ts';
import { chainEvents } from '../src/workflow/chain.ts';
import { createSqliteLog } from '../src/workflow/sqlite-log/create-sqlite-log.ts';
import { BareGroupCommit } from './bare-group-commit.ts';
import type { BenchOptions } from './bench-options.ts';
import { type Row, ratioOf, summarise } from './row.ts';

type Append = (event: StoredEvent, workflow: number) => Promise<void>;

/** Turns that each contender takes, one after the other, and appends of one turn. */
const FULL = { turns: 9, appendsPerTurn: 4_096 };
const QUICK = { turns: 1, appendsPerTurn: 64 };
const AT_ONCE = [1, 16, 64, 256];
const PEER = 'bare group commit';
/** With envelope and salt, a row is about 900 bytes. */
const TEXT = 'x'.repeat(450);
const T0 = 1_767_225_600_000;

/** Durable appends of the workflow log beside a bare file with group commit that writes the same bytes, taking turns in one run. */
export async function* benchAppend({ directory = tmpdir(), quick = false }: BenchOptions = {}): AsyncGenerator<Row> {
  const folder = mkdtempSync(join(directory, 'interlock-bench-'));
  const { turns, appendsPerTurn } = quick ? QUICK : FULL;
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
): AsyncGenerator<Row> {
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

function* rows(name: string, ours: Measured, floor: Measured): Generator<Row> {
  yield* pair(`${name}, latency`, summarise('ms', ours.latenciesMs), summarise('ms', floor.latenciesMs));
  yield* pair(`${name}, throughput`, summarise('per second', ours.perSecond), summarise('per second', floor.perSecond));
}

type Summary = ReturnType<typeof summarise>;

function* pair(name: string, ours: Summary, floor: Summary): Generator<Row> {
  yield { bench: 'append', case: name, ...ours, peer: `${name}, ${PEER}`, ratio: ratioOf(ours, floor) };
  yield { bench: 'append', case: `${name}, ${PEER}`, ...floor };
}
