import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from '../src/runtime/start-gateway.ts';
import type { BenchOptions } from './bench-options.ts';
import { COLD_POLICIES, coldOptions, writeColdPolicies } from './cold/cold-options.ts';
import { hydrationIn, processTurn } from './cold/process-turn.ts';
import { openWorkflow } from './gate/reference-gateway.ts';
import { type Row, ratioOf, summarise } from './row.ts';
import { type Contender, type Rounds, takeTurns } from './take-turns.ts';

const EVENTS = 500;
const FULL_ROUNDS: Rounds = { rounds: 30, warmUpRounds: 1, budgetMs: 120_000 };
const QUICK_ROUNDS: Rounds = { rounds: 1, warmUpRounds: 0, budgetMs: 0 };
const BARE = 'a bare process, which says that it has started';
const KEPT = `first decision, ${COLD_POLICIES} policies, kept from an earlier start`;
const ANEW = `first decision, ${COLD_POLICIES} policies, checked anew`;
const HYDRATION = `of it, kept: the workflow of ${EVENTS} events, from the log to its view`;

/**
 * From the start of a process to its first decision, durable, in a dormant workflow of 500 events: with the policy set
 * that an earlier process checked and kept, without it, and beside a process that does nothing. The code of the product
 * is compiled already in both, as the command keeps it.
 */
export async function* benchCold({
  directory = tmpdir(),
  quick = false,
  onProgress,
}: BenchOptions): AsyncGenerator<Row> {
  const folder = mkdtempSync(join(directory, 'interlock-bench-'));
  try {
    onProgress?.('checking the policies, and filling the workflow');
    const { contenders, hydrationsMs } = await preparedIn(folder);
    const measured = await takeTurns(contenders, {
      ...(quick ? QUICK_ROUNDS : FULL_ROUNDS),
      onRound: (round) => onProgress?.(round < 1 ? 'warming up' : `round ${round}`),
    });
    const latenciesMs = (name: string) => (measured.get(name)?.latenciesUs ?? []).map((latencyUs) => latencyUs / 1_000);
    const bare = summarise('ms', latenciesMs(BARE));
    yield { bench: 'cold', case: BARE, ...bare };
    for (const name of [KEPT, ANEW]) {
      const own = summarise('ms', latenciesMs(name));
      yield { bench: 'cold', case: name, ...own, peer: BARE, ratio: ratioOf(own, bare) };
    }
    const kept = latenciesMs(KEPT);
    // Those of the warm-up came first.
    const hydration = summarise('ms', hydrationsMs.slice(-kept.length));
    yield {
      bench: 'cold',
      case: HYDRATION,
      ...hydration,
      peer: KEPT,
      ratio: ratioOf(hydration, summarise('ms', kept)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Prepared {
  readonly contenders: readonly Contender[];
  /** Filled by the turns of `KEPT`. */
  readonly hydrationsMs: readonly number[];
}

async function preparedIn(folder: string): Promise<Prepared> {
  const prepared = join(folder, 'prepared');
  mkdirSync(prepared);
  writeColdPolicies(prepared);
  const { interlock } = await startGateway(coldOptions(prepared));
  const { token } = await openWorkflow(interlock, EVENTS);
  await interlock.close();
  const hydrationsMs: number[] = [];
  let turns = 0;
  const started = (name: string, { isKept }: { readonly isKept: boolean }): Contender => ({
    name,
    atOnce: 1,
    each: 1,
    prepare: () => {
      const copy = join(folder, `turn-${turns++}`);
      cpSync(prepared, copy, { recursive: true });
      if (!isKept) rmSync(join(copy, 'data', 'policy-sets'), { recursive: true });
      return processTurn('first-decision.ts', {
        args: [copy, token],
        home: folder,
        onMessage: (message) => {
          if (isKept) hydrationsMs.push(hydrationIn(message));
        },
        tidyUp: () => rmSync(copy, { recursive: true, force: true }),
      });
    },
  });
  const contenders = [
    { name: BARE, atOnce: 1, each: 1, prepare: () => processTurn('bare-start.ts', { home: folder }) },
    started(KEPT, { isKept: true }),
    started(ANEW, { isKept: false }),
  ];
  return { contenders, hydrationsMs };
}
