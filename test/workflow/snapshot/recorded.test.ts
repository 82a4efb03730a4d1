import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readRuns, readTools } from '../../../bench/agentdojo/read-corpus.ts';
import { replayRuns } from '../../../bench/agentdojo/replay-runs.ts';
import { suiteManifest } from '../../../bench/agentdojo/suite-manifest.ts';
import { isInternal, type WorkflowLog } from '../../../src/action/log-port.ts';
import { createMemoryLog } from '../../../src/workflow/memory-log.ts';
import { stateOf, viewOf } from '../../../src/workflow/snapshot/view-state.ts';
import type { FoldedView } from '../../../src/workflow/view.ts';
import { GOLDEN, isErased, readRecorded, readStreams } from '../../golden/golden-log.ts';
import { createReplayer } from '../../golden/replay.ts';
import { foldAll } from './snapshot-fixture.ts';

const CORPUS = join(import.meta.dirname, '../../../../shared/corpora/agentdojo');
const MANIFESTS = ['banking', 'workspace'].map((suite) =>
  join(import.meta.dirname, `../../../bench/agentdojo/${suite}.yaml`),
);
const RUNS = 40;

/** Written down and brought back, without the packing. */
function through(view: FoldedView): FoldedView {
  return viewOf({ tenant: view.tenant, workflow: view.id }, JSON.parse(JSON.stringify(stateOf(view))));
}

const textOf = (view: FoldedView): string => JSON.stringify(stateOf(view));

test('what was recorded is decided alike on views that were written down and brought back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'interlock-snapshots-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(GOLDEN, folder, { recursive: true });
  const replayer = await createReplayer(readRecorded());
  const whole = readStreams(join(folder, 'log.sqlite')).filter(({ events }) => !events.some(isErased));
  const replays = whole.map((stream) => replayer.replay(stream, through));
  expect(replays.flatMap(({ differences }) => differences)).toEqual([]);
  expect(replays.reduce((sum, { decisions }) => sum + decisions, 0)).toBeGreaterThan(20);
});

test('recorded runs of agents are at every version what their snapshot and the rest make of them', async () => {
  if (!existsSync(CORPUS)) return console.log(`done without ${CORPUS}, which is not here`);
  const tools = readTools(join(CORPUS, 'tasks.jsonl'));
  const logs: WorkflowLog[] = [];
  const newLog = (): WorkflowLog => {
    const log = createMemoryLog();
    // A closed log cannot be read any more.
    logs.push({ ...log });
    return { ...log, close: async () => undefined };
  };
  for (const suite of ['banking', 'workspace']) {
    const offered = tools.get(suite) ?? [];
    const manifest = await suiteManifest(suite, offered, MANIFESTS);
    const runs = readRuns(join(CORPUS, 'traces'), (labels) => labels.suite === suite);
    const sample = Array.from({ length: RUNS }, (_, at) => runs[Math.floor((at * runs.length) / RUNS)]?.run);
    for await (const _ of replayRuns({ tools: offered, manifest, policies: '' }, sample.filter(isThere), newLog));
  }
  let compared = 0;
  for (const log of logs) {
    for (const stream of (await log.list({})).filter((each) => !isInternal(each))) {
      const events = await log.read(stream);
      const all = textOf(foldAll(stream, events));
      for (let at = 1; at <= events.length; at++) {
        const again = through(foldAll(stream, events.slice(0, at)));
        expect(textOf(foldAll(stream, events.slice(at), again))).toBe(all);
        compared++;
      }
    }
  }
  expect(compared).toBeGreaterThan(RUNS);
}, 120_000);

function isThere<T>(each: T | undefined): each is T {
  return each !== undefined;
}
