import { BOUNDS } from '../bounds.ts';

/** Stands for every combination of labels that came after the bound was reached. */
const OTHER = 'other';

/** What is counted for each combination of labels; past the bound all others are counted together. */
export class Series<T> {
  readonly #names: readonly string[];
  readonly #create: () => T;
  readonly #entries = new Map<string, { readonly labels: Readonly<Record<string, string>>; readonly value: T }>();

  constructor(names: readonly string[], create: () => T) {
    this.#names = names;
    this.#create = create;
  }

  /** In the order of the names. */
  at(values: readonly string[]): T {
    // No label's value holds a line break, so no two combinations have one key.
    const key = values.join('\n');
    const known = this.#entries.get(key);
    if (known !== undefined) return known.value;
    const isCrowded = this.#entries.size >= BOUNDS.metricSeries && !values.every((value) => value === OTHER);
    if (isCrowded) return this.at(this.#names.map(() => OTHER));
    const labels = Object.fromEntries(this.#names.map((name, index) => [name, values[index] ?? '']));
    const value = this.#create();
    this.#entries.set(key, { labels, value });
    return value;
  }

  all(): readonly { readonly labels: Readonly<Record<string, string>>; readonly value: T }[] {
    return [...this.#entries.values()];
  }
}
