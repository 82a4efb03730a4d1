import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from '../src/runtime/start-gateway.ts';
import type { BenchOptions } from './bench-options.ts';
import { COLD_POLICIES, coldOptions, writeColdPolicies } from './cold/cold-options.ts';
import { openWorkflow } from './gate/reference-gateway.ts';
import { type Row, ratioOf, summarise } from './row.ts';
import { type Contender, type Rounds, type Turn, takeTurns } from './take-turns.ts';

const EVENTS = 500;
const FULL_ROUNDS: Rounds = { rounds: 30, warmUpRounds: 1, budgetMs: 120_000 };
const QUICK_ROUNDS: Rounds = { rounds: 1, warmUpRounds: 0, budgetMs: 0 };
const BARE = 'a bare process, which says that it has started';

/**
 * From the start of a process to its first decision, durable, in a workflow of 500 events: with the policy set that an
 * earlier process checked and kept, without it, and beside a process that does nothing.
 */
export async function* benchCold({
  directory = tmpdir(),
  quick = false,
  onProgress,
}: BenchOptions): AsyncGenerator<Row> {
  const folder = mkdtempSync(join(directory, 'interlock-bench-'));
  try {
    onProgress?.('checking the policies, and filling the workflow');
    const contenders = await contendersIn(folder);
    const measured = await takeTurns(contenders, {
      ...(quick ? QUICK_ROUNDS : FULL_ROUNDS),
      onRound: (round) => onProgress?.(round < 1 ? 'warming up' : `round ${round}`),
    });
    const summaryOf = (name: string) =>
      summarise(
        'ms',
        (measured.get(name)?.latenciesUs ?? []).map((latencyUs) => latencyUs / 1_000),
      );
    for (const { name, peer } of contenders) {
      const own = summaryOf(name);
      const relation = peer === undefined ? {} : { peer, ratio: ratioOf(own, summaryOf(peer)) };
      yield { bench: 'cold', case: name, ...own, ...relation };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function contendersIn(folder: string): Promise<readonly Contender[]> {
  const prepared = join(folder, 'prepared');
  mkdirSync(prepared);
  writeColdPolicies(prepared);
  const { interlock } = await startGateway(coldOptions(prepared));
  const { token } = await openWorkflow(interlock, EVENTS);
  await interlock.close();
  let turns = 0;
  const started = (name: string, isKept: boolean): Contender => ({
    name: `first decision, ${COLD_POLICIES} policies, ${name}`,
    atOnce: 1,
    each: 1,
    peer: BARE,
    prepare: () => {
      const copy = join(folder, `turn-${turns++}`);
      cpSync(prepared, copy, { recursive: true });
      if (!isKept) rmSync(join(copy, 'data', 'policy-sets'), { recursive: true });
      return processTurn('first-decision.ts', [copy, token], () => rmSync(copy, { recursive: true, force: true }));
    },
  });
  return [
    { name: BARE, atOnce: 1, each: 1, prepare: () => processTurn('bare-start.ts', []) },
    started('kept from an earlier start', true),
    started('checked anew', false),
  ];
}

/** Measured until the process sends its message; its end, and what it leaves, are off the clock. */
function processTurn(script: string, args: readonly string[], tidyUp: () => void = () => undefined): Turn {
  let exited: Promise<unknown> | undefined;
  return {
    operate: async () => {
      const child = fork(join(import.meta.dirname, 'cold', script), args, {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const exit = once(child, 'exit');
      exited = exit;
      const ended = exit.then(([code]) => {
        throw new Error(`The process ended with ${code} before it had decided.`);
      });
      await Promise.race([once(child, 'message'), ended]);
      ended.catch(() => undefined);
    },
    end: async () => {
      await exited;
      tidyUp();
    },
  };
}
