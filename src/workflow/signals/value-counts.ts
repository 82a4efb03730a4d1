import type { Scalar } from './occurrence.ts';

/** How often each value occurs, where values are told apart at all. */
export class ValueCounts {
  readonly #tellsApart: boolean;
  readonly #counts = new Map<Scalar, number>();

  constructor(tellsApart: boolean) {
    this.#tellsApart = tellsApart;
  }

  get counts(): ReadonlyMap<Scalar, number> {
    return this.#counts;
  }

  change(value: Scalar | undefined, times: 1 | -1): void {
    if (!this.#tellsApart || value === undefined) return;
    const now = (this.#counts.get(value) ?? 0) + times;
    if (now === 0) this.#counts.delete(value);
    else this.#counts.set(value, now);
  }

  clear(): void {
    this.#counts.clear();
  }
}
