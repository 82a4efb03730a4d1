import type { Metric, MetricName, Sample } from './metric.ts';
import { Series } from './series.ts';

/** Upper bounds in seconds, from a decision in memory to an execution that runs into its deadline. */
export const SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300,
] as const;

interface Observed {
  /** How many were in each bucket alone; the last is for what is above all bounds. */
  readonly counts: number[];
  sum: number;
}

/** How long something took, for each combination of its labels. */
export class Histogram {
  readonly #name: MetricName;
  readonly #bounds: readonly number[];
  readonly #series: Series<Observed>;

  constructor(name: MetricName, bounds: readonly number[] = SECONDS) {
    this.#name = name;
    this.#bounds = bounds;
    this.#series = new Series(name.labels, () => ({ counts: new Array(bounds.length + 1).fill(0), sum: 0 }));
  }

  observe(seconds: number, labels: readonly string[] = []): void {
    const observed = this.#series.at(labels);
    const found = this.#bounds.findIndex((bound) => seconds <= bound);
    const index = found === -1 ? this.#bounds.length : found;
    observed.counts[index] = (observed.counts[index] ?? 0) + 1;
    observed.sum += seconds;
  }

  metric(): Metric {
    const { name, help } = this.#name;
    return { name, help, type: 'histogram', samples: this.#series.all().flatMap((each) => this.#samplesOf(each)) };
  }

  #samplesOf({ labels, value }: { readonly labels: Sample['labels']; readonly value: Observed }): readonly Sample[] {
    let count = 0;
    const buckets = value.counts.map((own, index): Sample => {
      count += own;
      return { suffix: '_bucket', labels: { ...labels, le: boundText(this.#bounds[index]) }, value: count };
    });
    return [...buckets, { suffix: '_sum', labels, value: value.sum }, { suffix: '_count', labels, value: count }];
  }
}

function boundText(bound: number | undefined): string {
  return bound === undefined ? '+Inf' : String(bound);
}
