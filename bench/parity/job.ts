import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRedis } from '../../test/support/redis-server.ts';
import { readRuns, readTools } from '../agentdojo/read-corpus.ts';
import type { RecordedRun } from '../agentdojo/recorded-run.ts';
import type { Suite } from '../agentdojo/replay-runs.ts';
import { suiteManifest } from '../agentdojo/suite-manifest.ts';
import type { Comparison } from './compare.ts';
import { compareModes } from './compare-modes.ts';
import type { Mode } from './fleet.ts';
import { generatedRun, generatedSuite } from './generated-suite.ts';
import type { Scenario } from './scenario.ts';
import { aloneOf, togetherOf } from './scenarios.ts';
import { Seeded } from './seeded.ts';
import { type Tally, tallyOf } from './tally.ts';

const PACK = join(import.meta.dirname, '../../policies/packs/injection.cedar');
/** Scenarios that one log takes: as many as a process would, yet what is compared at once stays small. */
const BATCH = { alone: 500, together: 60 };
const AGENTS = { min: 2, max: 5 };

/** What one worker is to do: every batch whose place modulo `of` is `part`. */
export interface ParityJob {
  readonly part: number;
  readonly of: number;
  readonly seed: number;
  /** Left out: nothing was recorded, so that only what is generated is played. */
  readonly corpus?:
    | { readonly traces: string; readonly tasks: string; readonly manifests: readonly string[] }
    | undefined;
  /** At most so many runs of each suite. */
  readonly sample?: number | undefined;
  readonly generated: number;
  readonly logFor?: Parameters<typeof compareModes>[0]['logFor'];
}

export interface BatchResult {
  readonly what: string;
  readonly scenarios: number;
  readonly comparisons: ReadonlyMap<Mode, Comparison>;
  readonly tally: Tally;
}

interface Source {
  readonly name: string;
  readonly suite: Suite;
  readonly runs: readonly RecordedRun[];
}

/** Compares the modes batch by batch, on a redis-server of its own. */
export async function* compareBatches(job: ParityJob): AsyncGenerator<BatchResult> {
  const redis = await startRedis();
  try {
    let place = 0;
    for (const { what, suite, scenarios } of await batchesOf(job)) {
      if (place++ % job.of !== job.part) continue;
      const { logFor } = job;
      const { base, comparisons } = await compareModes({ suite, scenarios, redisUrl: redis.url, logFor });
      yield { what, scenarios: scenarios.length, comparisons, tally: tallyOf(base) };
    }
  } finally {
    await redis.stop();
  }
}

interface Batch {
  readonly what: string;
  readonly suite: Suite;
  readonly scenarios: readonly Scenario[];
}

async function batchesOf(job: ParityJob): Promise<readonly Batch[]> {
  const sources = [...(await recordedSources(job)), generatedSource(job)];
  return sources.flatMap(({ name, suite, runs }) => {
    const alone = runs.map((run, index) => aloneOf(run, `${name}, run ${index + 1}`));
    const together = groupsOf(runs, `${name} ${job.seed}`).map((group, index) =>
      togetherOf(group, `${name}, interleaving ${index + 1} of ${job.seed}`),
    );
    const batches = (what: string, scenarios: readonly Scenario[], size: number): Batch[] =>
      inParts(scenarios, size).map((part) => ({ what: `${name}, ${what}`, suite, scenarios: part }));
    return [...batches('one by one', alone, BATCH.alone), ...batches('interleaved', together, BATCH.together)];
  });
}

async function recordedSources({ corpus, sample }: ParityJob): Promise<readonly Source[]> {
  if (corpus === undefined) return [];
  const tools = readTools(corpus.tasks);
  const bySuite = Map.groupBy(
    readRuns(corpus.traces, ({ suite }) => tools.has(suite)),
    ({ labels }) => labels.suite,
  );
  const policies = readFileSync(PACK, 'utf8');
  return Promise.all(
    [...bySuite].map(async ([name, all]) => {
      const offered = tools.get(name) ?? [];
      const manifest = await suiteManifest(name, offered, corpus.manifests);
      const runs = evenly(all, sample).map(({ run }) => run);
      return {
        name,
        suite: { tools: offered, manifest, policies },
        runs: runs.filter(({ calls }) => calls.length > 0),
      };
    }),
  );
}

function generatedSource({ generated, seed }: ParityJob): Source {
  const runs = Array.from({ length: generated }, (_, index) => generatedRun(`${seed}, run ${index}`));
  return { name: 'generated', suite: generatedSuite(readFileSync(PACK, 'utf8')), runs };
}

/** Every run in one group, and neighbours rarely together. */
function groupsOf(runs: readonly RecordedRun[], name: string): readonly (readonly RecordedRun[])[] {
  const random = new Seeded(name);
  const left = [...random.shuffled(runs)];
  const groups: RecordedRun[][] = [];
  while (left.length > 0) groups.push(left.splice(0, AGENTS.min + random.below(AGENTS.max - AGENTS.min + 1)));
  return groups;
}

function inParts<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}

/** Over the whole corpus, so that every pipeline is in it. */
function evenly<T>(items: readonly T[], sample = items.length): readonly T[] {
  const step = Math.max(items.length / sample, 1);
  return items.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}
