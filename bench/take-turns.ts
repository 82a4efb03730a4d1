/** One way of doing something, as it is measured beside others. */
export interface Contender {
  readonly name: string;
  /** Loops that run at the same time, each with one operation under way. */
  readonly atOnce: number;
  /** Measured values of each loop in one turn. */
  readonly each: number;
  /** Operations that one call of `operate` does, for what is too short to be timed alone; default 1. Times are those of one. */
  readonly batch?: number | undefined;
  /** The contender that this one is put in relation to, by name. */
  readonly peer?: string | undefined;
  /** Makes ready, off the clock, what one turn uses. */
  prepare(): Turn | Promise<Turn>;
}

/** Contenders that share what must be closed after the last turn. */
export interface Running {
  readonly contenders: readonly Contender[];
  close(): Promise<void>;
}

export interface Turn {
  /** The measured operation, or batch of them: number `index` of `loop`. What it returns is awaited only if it is a promise. */
  operate(loop: number, index: number): unknown;
  /** Tidies up, off the clock. */
  end?(): Promise<void>;
}

export interface Measured {
  readonly latenciesUs: number[];
  /** One value a turn. */
  readonly perSecond: number[];
}

export interface Rounds {
  /** Counted rounds at most, and one at least. */
  readonly rounds: number;
  /** Rounds before them that do not count. */
  readonly warmUpRounds: number;
  /** No round begins after it. */
  readonly budgetMs: number;
  readonly onRound?: ((round: number) => void) | undefined;
}

/** Round-robin: in each round everybody has one turn, so that what the machine does meanwhile hits all of them alike. */
export async function takeTurns(
  contenders: readonly Contender[],
  { rounds, warmUpRounds, budgetMs, onRound }: Rounds,
): Promise<ReadonlyMap<string, Measured>> {
  const results = new Map<string, Measured>();
  for (const { name } of contenders) {
    if (results.has(name)) throw new Error(`Two contenders are called "${name}".`);
    results.set(name, { latenciesUs: [], perSecond: [] });
  }
  const start = performance.now();
  for (let round = 1 - warmUpRounds; round <= rounds; round++) {
    if (round > 1 && performance.now() - start > budgetMs) break;
    onRound?.(round);
    for (const contender of contenders) {
      const { latenciesUs, perSecond } = await takeTurn(contender);
      if (round < 1) continue;
      const result = results.get(contender.name);
      result?.latenciesUs.push(...latenciesUs);
      result?.perSecond.push(...perSecond);
    }
  }
  return results;
}

async function takeTurn({ atOnce, each, batch = 1, prepare }: Contender): Promise<Measured> {
  const turn = await prepare();
  const latenciesUs: number[] = [];
  const loop = async (number: number): Promise<void> => {
    for (let index = 0; index < each; index++) {
      const before = performance.now();
      const done = turn.operate(number, index);
      if (done instanceof Promise) await done;
      latenciesUs.push(((performance.now() - before) * 1_000) / batch);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: atOnce }, (_, number) => loop(number)));
  const elapsedMs = performance.now() - start;
  await turn.end?.();
  return { latenciesUs, perSecond: [(latenciesUs.length * batch * 1_000) / elapsedMs] };
}
