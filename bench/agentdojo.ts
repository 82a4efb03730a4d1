import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Job, type Judged, type Judgement, packPolicies } from './agentdojo/judge-suite.ts';
import { rowsOf } from './agentdojo/rows-of.ts';
import type { BenchOptions } from './bench-options.ts';
import type { Row } from './row.ts';

const CORPUS = join(import.meta.dirname, '../../shared/corpora/agentdojo');
const MANIFESTS = ['banking', 'workspace'].map((suite) => join(import.meta.dirname, `agentdojo/${suite}.yaml`));
const WORKERS = 2;
const QUICK_RUNS = 120;
const MISSES_SHOWN = 20;

export interface AgentdojoOptions extends BenchOptions {
  /** The folder of recorded runs, and the file of tools and tasks. Default: beside the checkout. */
  readonly traces?: string | undefined;
  readonly tasks?: string | undefined;
  /** Tool manifests, each named like its suite, or one for all. */
  readonly manifests?: readonly string[] | undefined;
  /** Once more without each policy of the pack. */
  readonly ablate?: boolean | undefined;
}

/** Recorded attacks on agents, replayed through the gate: what is blocked, what is kept, what a human is asked. */
export async function* benchAgentdojo(options: AgentdojoOptions): AsyncGenerator<Row> {
  const { traces = join(CORPUS, 'traces'), tasks = join(CORPUS, 'tasks.jsonl'), onNote, onProgress } = options;
  const absent = [traces, tasks].find((path) => !existsSync(path));
  if (absent !== undefined) {
    onNote?.(`The recorded runs are not here (${absent}): name them with --traces DIR --tasks FILE.`);
    return;
  }
  const { manifests = [] } = options;
  const job = {
    traces,
    tasks,
    manifests: manifests.length > 0 ? manifests : MANIFESTS,
    sample: options.quick ? QUICK_RUNS : undefined,
  };
  onProgress?.('replaying the recorded runs');
  const { judged, guessed } = await inParallel(job);
  yield* rowsOf(judged);
  tellAbout(judged, guessed, onNote);
  if (!options.ablate) return;
  for (const policy of packPolicies()) {
    onProgress?.(`once more without ${policy}`);
    const without = (await inParallel({ ...job, without: policy })).judged;
    yield* rowsOf(without.map((each) => ({ ...each, rule: `without ${policy}` })));
  }
}

async function inParallel(job: Omit<Job, 'part' | 'of'>): Promise<Judgement> {
  const parts = await Promise.all(Array.from({ length: WORKERS }, (_, part) => work({ ...job, part, of: WORKERS })));
  return { judged: parts.flatMap(({ judged }) => judged), guessed: parts[0]?.guessed ?? {} };
}

function work(job: Job): Promise<Judgement> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./agentdojo/worker.ts', import.meta.url), { workerData: job });
    worker.once('message', (judgement: Judgement) => {
      resolve(judgement);
      void worker.terminate();
    });
    worker.once('error', reject);
  });
}

function tellAbout(judged: readonly Judged[], guessed: Judgement['guessed'], onNote: BenchOptions['onNote']): void {
  for (const [suite, tools] of Object.entries(guessed))
    if (tools.length > 0)
      onNote?.(`${suite}: no manifest classifies ${tools.join(', ')}; they count as their names suggest`);
  const misses = Map.groupBy(
    judged.filter(({ miss }) => miss !== undefined),
    ({ suite, miss }) => `${suite}: ${miss}`,
  );
  const most = [...misses].toSorted(([, a], [, b]) => b.length - a.length).slice(0, MISSES_SHOWN);
  for (const [miss, runs] of most) onNote?.(`${runs.length} × ${miss}`);
  onNote?.('the agent does not react to a refusal, and the texts of the attacks are fixed');
}
