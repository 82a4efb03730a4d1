import { type Entry, placeOf, removeOf } from './entry.ts';
import { forgotten } from './forgotten.ts';
import { partOf } from './part.ts';
import type { Part, Series } from './series.ts';
import type { SignalBounds } from './signal-bounds.ts';

/** The earliest few, of all times: what came after the first one matters only where that one is taken back. */
export class EarliestSeries implements Series {
  readonly #most: number;
  readonly #entries: Entry[] = [];
  /** When the earliest of those was that are not kept. */
  #dropped = Number.POSITIVE_INFINITY;

  constructor({ latest }: SignalBounds) {
    this.#most = latest;
  }

  add(entry: Entry): void {
    if (entry.at >= this.#dropped) return;
    this.#entries.splice(placeOf(this.#entries, entry), 0, entry);
    if (this.#entries.length <= this.#most) return;
    this.#dropped = this.#entries.pop()?.at ?? this.#dropped;
  }

  take(entry: Entry): void {
    removeOf(this.#entries, entry);
  }

  part(): Part {
    const [first] = this.#entries;
    if (first === undefined && this.#dropped < Number.POSITIVE_INFINITY) throw forgotten();
    return partOf(first);
  }

  get until(): number {
    const isEmpty = this.#entries.length === 0 && this.#dropped === Number.POSITIVE_INFINITY;
    return isEmpty ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
}
