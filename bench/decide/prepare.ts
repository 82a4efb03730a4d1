import type { Contender, Turn } from '../take-turns.ts';
import { type Cell, cellName, contenderName } from './cell.ts';
import type { Engine, Loaded } from './engine.ts';
import type { Question } from './questions.ts';

type Ask = () => boolean | Promise<boolean>;

export interface Effort {
  /** How long each engine may warm up in each cell; the same for all. */
  readonly warmUpMs: number;
  /** How long one turn shall take about. */
  readonly turnMs: number;
}

/** A pass over all questions that takes less is timed together with others; one that takes more is not timed whole. */
const SHORTEST_US = 50;
const LONGEST_US = 5_000;

interface Entrant {
  readonly engine: Engine;
  readonly loaded: Loaded;
  readonly cell: Cell;
  readonly questions: readonly Question[];
}

/** Checks every answer, and sizes the turns by what the engine takes once it is warm. */
export async function prepareEngine({ engine, loaded, cell, questions }: Entrant, effort: Effort): Promise<Contender> {
  const asks = questions.map((question) => loaded.ask(question));
  for (const [index, ask] of asks.entries()) {
    const answer = await ask();
    const { allowed } = questions[index] ?? {};
    if (answer !== allowed)
      throw new Error(`${engine.name} answers ${answer} to question ${index} of ${cellName(cell)}; it is ${allowed}.`);
  }
  const passUs = await warmUp(asks, effort.warmUpMs);
  const name = contenderName(engine.name, cell);
  if (passUs > LONGEST_US) return oneByOne(name, asks, each(effort, passUs / asks.length));
  const passes = Math.max(1, Math.round(SHORTEST_US / passUs));
  return inPasses(name, asks, { passes, each: each(effort, passes * passUs) });
}

function each({ turnMs }: Effort, operationUs: number): number {
  return Math.min(50, Math.max(1, Math.round((turnMs * 1_000) / operationUs)));
}

/** Microseconds of one pass once it is warm: of those that were made meanwhile, the one in the middle. */
async function warmUp(asks: readonly Ask[], forMs: number): Promise<number> {
  const start = performance.now();
  const passesUs: number[] = [];
  do {
    const before = performance.now();
    await pass(asks);
    passesUs.push((performance.now() - before) * 1_000);
  } while (performance.now() - start < forMs);
  return passesUs.sort((a, b) => a - b)[Math.floor(passesUs.length / 2)] ?? 0;
}

function inPasses(
  name: string,
  asks: readonly Ask[],
  { passes, each }: { readonly passes: number; readonly each: number },
): Contender {
  const operate = (): Promise<void> | undefined => {
    for (let count = 0; count < passes; count++) {
      const waiting = pass(asks);
      // Only an engine in another process makes wait, and then a pass is long enough to be the only one.
      if (waiting !== undefined) return waiting;
    }
    return undefined;
  };
  // One pass before each turn, off the clock: what others did meanwhile has left the caches to them.
  const prepare = async (): Promise<Turn> => {
    await pass(asks);
    return { operate };
  };
  return { name, atOnce: 1, each, batch: passes * asks.length, prepare };
}

/** Goes on where the last turn ended, so that all questions have their share. */
function oneByOne(name: string, asks: readonly Ask[], each: number): Contender {
  let next = 0;
  const operate = (): unknown => asks[next++ % asks.length]?.();
  return { name, atOnce: 1, each, prepare: () => ({ operate }) };
}

/** All questions once; a promise only where an answer is one. */
function pass(asks: readonly Ask[]): Promise<void> | undefined {
  for (const [index, ask] of asks.entries()) {
    const answer = ask();
    if (answer instanceof Promise) return rest(answer, asks.slice(index + 1));
  }
  return undefined;
}

async function rest(first: Promise<boolean>, asks: readonly Ask[]): Promise<void> {
  await first;
  for (const ask of asks) await ask();
}
