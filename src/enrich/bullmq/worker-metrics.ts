import type { QueueWorker } from './start-queue-worker.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly samples: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

/** For /metrics of a process that looks up: what it has done, and the queues of all processes as it last saw them. */
export function workerMetrics({ counts, queues }: Pick<QueueWorker, 'counts' | 'queues'>): readonly Metric[] {
  return [
    {
      name: 'interlock_enrichment_jobs_total',
      help: 'Look-ups of facts, by what became of them.',
      type: 'counter',
      samples: Object.entries(counts).map(([outcome, value]) => ({ labels: { outcome }, value })),
    },
    {
      name: 'interlock_enrichment_queue_jobs',
      help: 'Look-ups in the queues of all processes, by system and state; `dead` ones wait for an operator.',
      type: 'gauge',
      samples: queues.flatMap(({ system, lagMs: _, ...states }) =>
        Object.entries(states).map(([state, value]) => ({ labels: { system, state }, value })),
      ),
    },
    {
      name: 'interlock_enrichment_lag_seconds',
      help: 'How long the oldest look-up of a system has waited for a worker.',
      type: 'gauge',
      samples: queues.map(({ system, lagMs }) => ({ labels: { system }, value: lagMs / 1_000 })),
    },
  ];
}
