import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../src/runtime/logger.ts';
import { startGateway } from '../src/runtime/start-gateway.ts';
import { createMemoryLog } from '../src/workflow/memory-log.ts';
import type { BenchOptions } from './bench-options.ts';
import { referenceOptions } from './gate/reference-gateway.ts';
import { type Row, ratioOf, summarise } from './row.ts';
import { type Contender, type Rounds, takeTurns } from './take-turns.ts';
import { decideName, deciding, folding, foldName, type Part, wakeName, waking } from './view/contenders.ts';
import { VIEW } from './view/view-policies.ts';

interface Plan {
  readonly lengths: readonly number[];
  readonly each: number;
  readonly rounds: Rounds;
  /** Rounds of what takes long, on workflows that have to be made first. */
  readonly wakingRounds: Rounds;
  readonly memorySamples: number;
}

const FULL: Plan = {
  lengths: [10, 100, 1_000, 10_000],
  each: 20,
  rounds: { rounds: 30, warmUpRounds: 5, budgetMs: 45_000 },
  wakingRounds: { rounds: 7, warmUpRounds: 1, budgetMs: 20_000 },
  memorySamples: 5,
};
const ONCE: Rounds = { rounds: 1, warmUpRounds: 0, budgetMs: 0 };
const QUICK: Plan = { lengths: [10, 100], each: 2, rounds: ONCE, wakingRounds: ONCE, memorySamples: 1 };

const NAMES = [decideName, foldName, wakeName];

/** How decisions and the fold of one event depend on how long the workflow already is, and what its view holds in memory. */
export async function* benchView({
  directory = tmpdir(),
  quick = false,
  onProgress,
}: BenchOptions): AsyncGenerator<Row> {
  const folder = mkdtempSync(join(directory, 'interlock-bench-'));
  const { lengths, each, rounds, wakingRounds, memorySamples } = quick ? QUICK : FULL;
  const [shortest, longest] = [Math.min(...lengths), Math.max(...lengths)];
  const log = createMemoryLog();
  const options = { ...referenceOptions(folder, 'off', VIEW), logger: createLogger('silent'), log };
  const gateway = await startGateway(options);
  const onRound = (round: number): void => onProgress?.(round < 1 ? 'warming up' : `round ${round}`);
  const parts = lengths.map((length): Part => ({ gateway, log, length, each }));
  const measure = (contenders: readonly Contender[], own: Rounds) => takeTurns(contenders, { ...own, onRound });
  try {
    const lasting = await measure([...parts.map(deciding), ...parts.map(folding)], rounds);
    const woken = await measure(parts.map(waking), wakingRounds);
    const measured = new Map([...lasting, ...woken]);
    const of = (name: string) => summarise('µs', measured.get(name)?.latenciesUs ?? []);
    for (const name of NAMES) {
      for (const length of lengths) {
        const own = of(name(length));
        const peer = length === shortest ? {} : { peer: name(shortest), ratio: ratioOf(own, of(name(shortest))) };
        yield { bench: 'view', case: name(length), ...own, ...peer };
      }
    }
    onProgress?.('weighing the views');
    for (const { length, bytes } of await heldBytes(lengths, memorySamples)) {
      const kibibytes = bytes.map((count) => count / 1_024);
      yield { bench: 'view', case: `held by the view, ${length} events`, ...summarise('KiB', kibibytes) };
    }
    const growth = ratioOf(of(decideName(longest)), of(decideName(shortest)));
    const name = `decide, ${longest} events ÷ ${shortest} (aim: at most 1.5)`;
    yield { bench: 'view', case: name, unit: 'times', median: growth, p99: growth, n: 1 };
  } finally {
    await gateway.interlock.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Held {
  readonly length: number;
  readonly bytes: readonly number[];
}

/** Weighed in a process of its own, in which nothing else happens. */
async function heldBytes(lengths: readonly number[], samples: number): Promise<readonly Held[]> {
  const child = fork(join(import.meta.dirname, 'view', 'held-memory.ts'), [JSON.stringify(lengths), String(samples)], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new AbortController();
  child.once('exit', (code) => exited.abort(new Error(`The process that weighs views ended with ${code}.`)));
  const [answer] = await once(child, 'message', { signal: exited.signal });
  return answer as readonly Held[]; // what that file sends
}
