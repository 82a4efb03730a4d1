import type { Metric, MetricName } from './metric.ts';
import { Series } from './series.ts';

/** Counts upwards for each combination of its labels. */
export class Counter {
  readonly #name: MetricName;
  readonly #series: Series<{ count: number }>;

  constructor(name: MetricName) {
    this.#name = name;
    this.#series = new Series(name.labels, () => ({ count: 0 }));
    // There from the start: an alert on an increase needs the zero before it.
    if (name.labels.length === 0) this.#series.at([]);
  }

  add(labels: readonly string[] = [], by = 1): void {
    this.#series.at(labels).count += by;
  }

  metric(): Metric {
    const { name, help } = this.#name;
    const samples = this.#series.all().map(({ labels, value }) => ({ labels, value: value.count }));
    return { name, help, type: 'counter', samples };
  }
}
