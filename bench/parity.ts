import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { hasRedis } from '../test/support/redis-server.ts';
import type { BenchOptions } from './bench-options.ts';
import type { Mode } from './parity/fleet.ts';
import type { BatchResult, ParityJob } from './parity/job.ts';
import type { ParityRow } from './parity/table-of.ts';
import { addTallies } from './parity/tally.ts';

const FOLDER = join(import.meta.dirname, '../../shared/corpora/agentdojo');

/** What was recorded, where it is looked for unless somebody says otherwise. */
export const CORPUS: NonNullable<ParityJob['corpus']> = {
  traces: join(FOLDER, 'traces'),
  tasks: join(FOLDER, 'tasks.jsonl'),
  manifests: ['banking', 'workspace'].map((suite) => join(import.meta.dirname, `agentdojo/${suite}.yaml`)),
};

const WORKERS = 2;
const FULL = { generated: 500 };
const QUICK = { generated: 60, sample: 30 };
const SEED = 1;
const SHOWN = 40;

export interface ParityOptions extends BenchOptions {
  /** The folder of recorded runs, and the file of tools. Default: beside the checkout. */
  readonly traces?: string | undefined;
  readonly tasks?: string | undefined;
  /** At most so many recorded runs of each suite, evenly over all. Default: every one. */
  readonly sample?: number | undefined;
  /** Decides the order of what is interleaved, and what is generated. */
  readonly seed?: number | undefined;
}

/** Recorded runs, one by one and interleaved, with the log in process and in Redis, through one gateway and four. */
export async function* benchParity(options: ParityOptions): AsyncGenerator<ParityRow> {
  const { traces = CORPUS.traces, tasks = CORPUS.tasks, seed = SEED, quick, sample, onNote } = options;
  if (!hasRedis) {
    onNote?.('without redis-server: install it, or name yours in REDIS_SERVER_PATH');
    return;
  }
  const absent = [traces, tasks].find((path) => !existsSync(path));
  if (absent !== undefined) onNote?.(`The recorded runs are not here (${absent}): what is generated stands alone.`);
  const corpus = absent === undefined ? { ...CORPUS, traces, tasks } : undefined;
  const results = await inParallel({ sample, ...(quick ? QUICK : FULL), seed, corpus }, options);
  yield* rowsOf(results);
  onNote?.(`seed: ${seed}`);
  for (const [what, n] of Object.entries(addTallies(results.map(({ tally }) => tally))))
    onNote?.(`${what}: ${n.toLocaleString('en')}`);
  const differences = results.flatMap(({ comparisons }) =>
    [...comparisons].flatMap(([mode, { differences: all }]) => all.map((each) => `${mode}: ${each}`)),
  );
  for (const each of differences.slice(0, SHOWN)) onNote?.(each);
  if (differences.length > SHOWN) onNote?.(`and ${differences.length - SHOWN} differences more`);
}

async function inParallel(
  job: Omit<ParityJob, 'part' | 'of'>,
  { onProgress }: BenchOptions,
): Promise<readonly BatchResult[]> {
  const results: BatchResult[] = [];
  const take = (result: BatchResult): void => {
    results.push(result);
    onProgress?.(`${result.what}: ${result.scenarios} more`);
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, part) => work({ ...job, part, of: WORKERS }, take)));
  return results;
}

function work(job: ParityJob, take: (result: BatchResult) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./parity/worker.ts', import.meta.url), { workerData: job });
    worker.on('message', take);
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}

/** A row for each kind of scenarios and mode. */
export function* rowsOf(results: readonly BatchResult[]): Generator<ParityRow> {
  for (const [what, of] of Map.groupBy(results, (result) => result.what))
    for (const mode of of[0]?.comparisons.keys() ?? []) yield rowOf(what, mode, of);
}

function rowOf(what: string, mode: Mode, of: readonly BatchResult[]): ParityRow {
  const all = of.flatMap(({ comparisons }) => comparisons.get(mode) ?? []);
  const sum = (pick: (each: (typeof all)[number]) => number): number =>
    all.reduce((total, each) => total + pick(each), 0);
  const n = sum(({ actions }) => actions);
  const different = sum((each) => each.different);
  const share = Number(((100 * (n - different)) / n).toFixed(3));
  const scenarios = of.reduce((total, each) => total + each.scenarios, 0);
  const logs = { logs: sum(({ streams }) => streams), sameLogs: sum(({ sameStreams }) => sameStreams) };
  const differences = sum((each) => each.differences.length);
  const counts = { n, scenarios, identical: n - different, different, ...logs, differences };
  return { bench: 'parity', case: `${what}, ${mode}`, unit: '%', median: share, p99: share, what, mode, ...counts };
}
