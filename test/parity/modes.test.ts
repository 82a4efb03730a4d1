import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Mode } from '../../bench/parity/fleet.ts';
import { type BatchResult, compareBatches, type ParityJob } from '../../bench/parity/job.ts';
import { hasDifferences } from '../../bench/parity/table-of.ts';
import { addTallies } from '../../bench/parity/tally.ts';
import { CORPUS, rowsOf } from '../../bench/parity.ts';
import type { AppendGuard, WorkflowLog } from '../../src/action/log-port.ts';
import { hasRedis } from '../support/redis-server.ts';

const ALL = { part: 0, of: 1, seed: 7 };
const EVERY_KIND = ['of them allow', 'of them deny', 'of them modify', 'of them step_up', 'of them defer'];

async function played(job: Omit<ParityJob, 'part' | 'of' | 'seed'>): Promise<readonly BatchResult[]> {
  const results: BatchResult[] = [];
  for await (const result of compareBatches({ ...ALL, ...job })) results.push(result);
  return results;
}

const differencesIn = (results: readonly BatchResult[], of?: Mode): readonly string[] =>
  results.flatMap(({ comparisons }) =>
    [...comparisons].flatMap(([mode, { differences }]) => (of === undefined || of === mode ? differences : [])),
  );

describe.skipIf(!hasRedis)('a gateway over Redis, and four of them', () => {
  test('decide generated runs, one by one and interleaved, as one in process does, to the byte of its log', async () => {
    const results = await played({ generated: 40 });
    expect(differencesIn(results)).toEqual([]);
    expect(hasDifferences([...rowsOf(results)])).toBe(false);
    // Nothing that could differ is missing.
    const tally = addTallies(results.map((each) => each.tally));
    for (const what of [...EVERY_KIND, 'by a limit', 'with signals', 'with provenance', 'answers of people'])
      expect(tally[what], what).toBeGreaterThan(0);
  });

  test('decide recorded runs the same, too', async () => {
    if (!existsSync(CORPUS.traces)) return console.log(`done without ${CORPUS.traces}, which is not here`);
    const results = await played({ corpus: CORPUS, sample: 12, generated: 0 });
    const runs = results.filter(({ what }) => what.endsWith('one by one'));
    console.log(`done over ${runs.reduce((sum, { scenarios }) => sum + scenarios, 0)} recorded runs`);
    expect(differencesIn(results)).toEqual([]);
    expect(hasDifferences([...rowsOf(results)])).toBe(false);
  });

  test.for<readonly [string, (guard: AppendGuard) => AppendGuard]>([
    ['what is frozen', ({ controls: _, ...guard }) => guard],
    ['what counts beyond a workflow', ({ memory: _, ...guard }) => guard],
  ])('differ where %s is not compared when they append', async ([, blind]) => {
    const broken: Mode = 'Redis, four gateways without hints';
    const logFor = (log: WorkflowLog, mode: Mode): WorkflowLog => (mode === broken ? withGuard(log, blind) : log);
    const results = await played({ generated: 30, logFor });
    expect(differencesIn(results, 'Redis, four gateways')).toEqual([]);
    expect(differencesIn(results, broken)).not.toEqual([]);
    expect(hasDifferences([...rowsOf(results)])).toBe(true);
  });
});

function withGuard(log: WorkflowLog, change: (guard: AppendGuard) => AppendGuard): WorkflowLog {
  const append = log.append.bind(log);
  log.append = (stream, expected, events, summary, guard = {}) =>
    append(stream, expected, events, summary, change(guard));
  return log;
}
