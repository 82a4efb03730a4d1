import type { WorkflowEvent } from '../action/event.ts';
import { systemOf } from '../action/names.ts';
import type { Metric } from '../lib/metrics/metric.ts';
import { GateMeter } from './telemetry/gate-meter.ts';

/** Counts what became durable, for /metrics. Labels are decisions, systems and outcomes: bounded, and nobody's id. */
export class Metrics {
  readonly meter = new GateMeter();
  readonly #decisions = new Map<string, number>();
  readonly #outcomes = new Map<string, number>();
  #events = 0;

  note(events: readonly WorkflowEvent[]): void {
    for (const event of events) {
      this.#events += 1;
      if (event.type === 'action.decided')
        add(this.#decisions, `${event.payload.decision} ${systemOf(event.payload.operation)}`);
      else if (event.type === 'action.completed') add(this.#outcomes, event.payload.status);
    }
  }

  all(): readonly Metric[] {
    return [
      {
        name: 'interlock_decisions_total',
        help: 'Decisions recorded, by decision and system.',
        type: 'counter',
        samples: [...this.#decisions].map(([key, value]) => {
          const [decision = '', system = ''] = key.split(' ');
          return { labels: { decision, system }, value };
        }),
      },
      {
        name: 'interlock_outcomes_total',
        help: 'Outcomes recorded, by status; `unknown` deserves a look.',
        type: 'counter',
        samples: [...this.#outcomes].map(([status, value]) => ({ labels: { status }, value })),
      },
      {
        name: 'interlock_log_events_total',
        help: 'Events that this process made durable.',
        type: 'counter',
        samples: [{ labels: {}, value: this.#events }],
      },
      ...this.meter.metrics(),
    ];
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
