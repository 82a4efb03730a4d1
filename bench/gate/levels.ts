/** How many at once, with the operations of each in one turn: few where there are many, so that turns stay short. */
export interface Level {
  readonly atOnce: number;
  readonly each: number;
}

export interface Levels {
  readonly alone: Level;
  readonly together: readonly Level[];
}

export const FULL_LEVELS: Levels = {
  alone: { atOnce: 1, each: 100 },
  together: [
    { atOnce: 16, each: 16 },
    { atOnce: 64, each: 8 },
    { atOnce: 256, each: 2 },
  ],
};

/** Proves that every kind of row is produced, and measures nothing. */
export const QUICK_LEVELS: Levels = { alone: { atOnce: 1, each: 2 }, together: [{ atOnce: 64, each: 1 }] };

/** Over HTTP, beside one alone: the concurrency at which the client, which shares the machine, does not yet dominate. */
export const TOGETHER = 64;
