import { type Entry, placeOf, removeOf } from './entry.ts';
import { forgotten } from './forgotten.ts';
import { partOf } from './part.ts';
import type { Part, Series } from './series.ts';
import type { SignalBounds } from './signal-bounds.ts';

/** The latest few: what came before the last one matters only where that one is taken back. */
export class LatestSeries implements Series {
  readonly #most: number;
  readonly #withinMs: number;
  readonly #entries: Entry[] = [];
  /** When the latest of those was that are not kept. */
  #dropped = Number.NEGATIVE_INFINITY;

  constructor({ latest }: SignalBounds, withinMs = Number.POSITIVE_INFINITY) {
    this.#most = latest;
    this.#withinMs = withinMs;
  }

  add(entry: Entry): void {
    if (entry.at <= this.#dropped) return;
    this.#entries.splice(placeOf(this.#entries, entry), 0, entry);
    if (this.#entries.length <= this.#most) return;
    this.#dropped = this.#entries.shift()?.at ?? this.#dropped;
  }

  take(entry: Entry): void {
    removeOf(this.#entries, entry);
  }

  part(now: number): Part {
    const last = this.#entries.at(-1);
    if (last === undefined && this.#dropped > now - this.#withinMs) throw forgotten();
    return partOf(last !== undefined && last.at > now - this.#withinMs ? last : undefined);
  }

  get until(): number {
    const latest = this.#entries.at(-1)?.at ?? this.#dropped;
    return latest === Number.NEGATIVE_INFINITY ? latest : latest + this.#withinMs;
  }
}
