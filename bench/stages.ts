import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PolicyEvaluation } from '../src/action/policy-port.ts';
import { createLogger } from '../src/runtime/logger.ts';
import { type Gateway, startGateway } from '../src/runtime/start-gateway.ts';
import { createMemoryLog } from '../src/workflow/memory-log.ts';
import type { BenchOptions } from './bench-options.ts';
import { prepareActions } from './gate/in-process.ts';
import { referenceOptions } from './gate/reference-gateway.ts';
import { PERMITTING } from './gate/reference-policies.ts';
import { DECIDE_STAGES, stages } from './gate/stages.ts';
import { type Row, ratioOf, summarise } from './row.ts';
import { type Contender, takeTurns } from './take-turns.ts';

const FULL = { each: 200, rounds: 12, warmUpRounds: 2, budgetMs: 7_000 };
const QUICK = { each: 4, rounds: 1, warmUpRounds: 0, budgetMs: 0 };
const EVENTS = 500;
const SUM = 'sum of the stages of a decide';

/**
 * Where the time of one `decide` goes, in some ten seconds: its stages, the whole, and the whole with the policies' word
 * given, all with the log in memory.
 */
export async function* benchStages({
  directory = tmpdir(),
  quick = false,
  onProgress,
}: BenchOptions): AsyncGenerator<Row> {
  const folder = mkdtempSync(join(directory, 'interlock-bench-'));
  const { each, ...rounds } = quick ? QUICK : FULL;
  onProgress?.('starting two gateways');
  const memoryLog = createMemoryLog();
  const memory = await startMemoryGateway(join(folder, 'memory'), memoryLog);
  const given = await startMemoryGateway(join(folder, 'given'), createMemoryLog());
  Object.assign(given.policySet(), { evaluator: { evaluate: () => GIVEN } });
  const parts = await stages({ memory, memoryLog }, { directory: folder, logs: ['memory'], events: EVENTS, each });
  try {
    const contenders = [
      ...parts.contenders,
      whole('decide, 10 events', { gateway: memory, events: 10, each }),
      whole(`decide, ${EVENTS} events`, { gateway: memory, events: EVENTS, each }),
      whole(`decide, the policies’ word given, ${EVENTS} events`, { gateway: given, events: EVENTS, each }),
    ];
    const measured = await takeTurns(contenders, {
      ...rounds,
      onRound: (round) => onProgress?.(round < 1 ? 'warming up' : `round ${round}`),
    });
    const rows = new Map(
      contenders.map(({ name }) => [name, summarise('µs', measured.get(name)?.latenciesUs ?? [])] as const),
    );
    const sum = sumOf(DECIDE_STAGES.map((name) => rows.get(name)));
    for (const [name, row] of rows) {
      const peer = name.startsWith('stage: ') ? {} : { peer: SUM, ratio: ratioOf(row, sum) };
      yield { bench: 'stages', case: name, ...row, ...peer };
    }
    yield { bench: 'stages', case: SUM, ...sum };
  } finally {
    await parts.close();
    for (const { interlock } of [memory, given]) await interlock.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the policies say of the reference action. */
const GIVEN: PolicyEvaluation = { permits: PERMITTING, forbids: [], errors: [] };

function startMemoryGateway(directory: string, log: ReturnType<typeof createMemoryLog>): Promise<Gateway> {
  return startGateway({ ...referenceOptions(directory, 'off'), logger: createLogger('silent'), log });
}

function whole(
  name: string,
  { gateway, events, each }: { readonly gateway: Gateway; readonly events: number; readonly each: number },
): Contender {
  const level = { atOnce: 1, each };
  const way = { interlock: gateway.interlock, mode: 'decide' } as const;
  return { name, ...level, prepare: () => prepareActions(way, level, events) };
}

type Summary = ReturnType<typeof summarise>;

/** Medians and p99 added up, which a whole comes near to only where stages do not vary together. */
function sumOf(rows: readonly (Summary | undefined)[]): Summary {
  const known = rows.filter((row) => row !== undefined);
  if (known.length < rows.length) throw new Error('A stage of the decision was not measured.');
  const total = (of: 'median' | 'p99'): number => Number(known.reduce((sum, row) => sum + row[of], 0).toPrecision(3));
  return { unit: 'µs', median: total('median'), p99: total('p99'), n: Math.min(...known.map(({ n }) => n)) };
}
