import type { Entry } from './entry.ts';
import { forgotten } from './forgotten.ts';
import type { Scalar } from './occurrence.ts';
import type { Part, Series } from './series.ts';
import type { SignalBounds } from './signal-bounds.ts';
import { ValueCounts } from './value-counts.ts';

/** Sums over all times: no action is kept. */
export class TallySeries implements Series {
  readonly #most: number;
  readonly #values: ValueCounts;
  #count = 0;
  #sum = 0n;
  #overflowed = false;

  /** Whether values are told apart. */
  constructor({ entries }: SignalBounds, tellsApart: boolean) {
    this.#most = entries;
    this.#values = new ValueCounts(tellsApart);
  }

  add({ value }: Entry): void {
    this.#change(value, 1);
  }

  take({ value }: Entry): void {
    this.#change(value, -1);
  }

  part(): Part {
    if (this.#overflowed) throw forgotten();
    return { count: this.#count, sum: this.#sum, values: this.#values.counts };
  }

  get until(): number {
    return this.#count === 0 && !this.#overflowed ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }

  #change(value: Scalar | undefined, times: 1 | -1): void {
    this.#count += times;
    if (typeof value === 'number' && Number.isSafeInteger(value)) this.#sum += BigInt(value * times);
    this.#values.change(value, times);
    if (this.#values.counts.size > this.#most) this.#overflowed = true;
    if (this.#overflowed) this.#values.clear();
  }
}
