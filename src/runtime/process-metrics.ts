import { monitorEventLoopDelay } from 'node:perf_hooks';
import { gauge, type Metric } from '../lib/metrics/metric.ts';
import { version } from './version.ts';

const NANOSECONDS = 1e9;

/** How this process does, for /metrics. */
export interface ProcessMetrics {
  all(): readonly Metric[];
  close(): void;
}

export function startProcessMetrics(): ProcessMetrics {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  return {
    all() {
      // From the first look on: who is never asked measures nothing.
      delay.enable();
      const { user, system } = process.cpuUsage();
      const { rss, heapUsed } = process.memoryUsage();
      const quantiles = [0.5, 0.99, 1].map((quantile) => {
        return { labels: { quantile: String(quantile) }, value: delay.percentile(quantile * 100) / NANOSECONDS };
      });
      delay.reset();
      return [
        info(),
        {
          name: 'interlock_process_cpu_seconds_total',
          help: 'Processor time of this process.',
          type: 'counter',
          samples: [{ labels: {}, value: (user + system) / 1e6 }],
        },
        gauge('interlock_process_resident_bytes', 'Memory that this process has.', rss),
        gauge('interlock_process_heap_bytes', "What is used of JavaScript's heap.", heapUsed),
        gauge('interlock_process_uptime_seconds', 'Time since this process began.', process.uptime()),
        {
          name: 'interlock_event_loop_delay_seconds',
          help: 'How late timers of 20 ms were since the last look at these metrics, by quantile; all decisions wait for it.',
          type: 'gauge',
          samples: quantiles,
        },
      ];
    },
    close: () => void delay.disable(),
  };
}

function info(): Metric {
  const samples = [{ labels: { version: version() }, value: 1 }];
  return { name: 'interlock_build_info', help: 'The version that runs, as a label.', type: 'gauge', samples };
}
