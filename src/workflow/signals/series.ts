import type { Entry } from './entry.ts';
import type { Scalar } from './occurrence.ts';

/** The actions of one cell, as far as its kind has to know them. Each call costs O(1), or O(log n) of a bounded n. */
export interface Series {
  add(entry: Entry): void;
  /** Takes back whatever was added of this action. */
  take(entry: Entry): void;
  /** Throws SIGNAL_FORGOTTEN where what is not kept any more could change it. */
  part(now: number): Part;
  /** Until when something in it counts, or something forgotten would. */
  readonly until: number;
}

/** What a series holds at a moment. */
export interface Part {
  /** How many; of a series that keeps one only, whether there is any. */
  readonly count: number;
  readonly sum: bigint;
  /** How often each value. */
  readonly values: ReadonlyMap<Scalar, number>;
  /** The first for `first`, else the last. */
  readonly entry?: Entry | undefined;
}
