import type { AppendResult } from '../action/log-port.ts';
import { Counter } from '../lib/metrics/counter.ts';
import { Histogram } from '../lib/metrics/histogram.ts';
import type { Metric } from '../lib/metrics/metric.ts';
import { startStopwatch } from '../lib/stopwatch.ts';

/** Measures what the log takes, for /metrics. */
export class AppendMeter {
  readonly #seconds = new Histogram({
    name: 'interlock_log_append_seconds',
    help: 'Time from an append until its events are durable.',
    labels: [],
  });
  readonly #conflicts = new Counter({
    name: 'interlock_log_conflicts_total',
    help: 'Appends that were made again because another gateway was faster.',
    labels: [],
  });
  readonly #failures = new Counter({
    name: 'interlock_log_failures_total',
    help: 'Appends that the log did not take, or lost.',
    labels: [],
  });

  /** Answers what the append does; nobody waits for the measuring. */
  measure(append: () => Promise<AppendResult>): Promise<AppendResult> {
    const elapsed = startStopwatch();
    const failed = (): void => this.#failures.add();
    const appending = append();
    appending.then((result) => {
      if (result.status === 'conflict') this.#conflicts.add();
      else result.durable.then(() => this.#seconds.observe(elapsed()), failed);
    }, failed);
    return appending;
  }

  metrics(): readonly Metric[] {
    return [this.#seconds, this.#conflicts, this.#failures].map((each) => each.metric());
  }
}
