import { HttpMeter } from '../connector/http/http-meter.ts';
import type { EnrichmentCounts } from '../enrich/enrichment-queue.ts';
import { gauge, type Metric } from '../lib/metrics/metric.ts';
import { AppendMeter } from '../workflow/append-meter.ts';
import type { ViewsInMemory } from '../workflow/views-in-memory.ts';
import { startProcessMetrics } from './process-metrics.ts';

interface Watched {
  readonly workflows: { inMemory(): ViewsInMemory };
  readonly policies: { metrics(): readonly Metric[] };
  readonly enrichment: { readonly counts: EnrichmentCounts };
}

/** What a gateway's parts tell of themselves at /metrics, beside the gate. */
export class GatewayMetrics {
  readonly http = new HttpMeter();
  readonly appends = new AppendMeter();
  readonly #process = startProcessMetrics();

  all({ workflows, policies, enrichment }: Watched): readonly Metric[] {
    return [
      ...this.appends.metrics(),
      ...viewMetrics(workflows.inMemory()),
      ...policies.metrics(),
      ...enrichmentMetrics(enrichment.counts),
      ...this.http.metrics(),
      ...this.#process.all(),
    ];
  }

  close(): void {
    this.#process.close();
  }
}

function viewMetrics({ views, characters, held, approvals }: ViewsInMemory): readonly Metric[] {
  return [
    gauge('interlock_workflow_views', 'Workflows whose views are in memory.', views),
    gauge('interlock_workflow_view_characters', 'Characters of the payloads that those views hold.', characters),
    gauge('interlock_held_actions', 'Held actions of the workflows in memory.', held),
    gauge('interlock_approvals_open', 'Questions to humans that are open in the workflows in memory.', approvals),
  ];
}

function enrichmentMetrics({ waiting, ...ended }: EnrichmentCounts): readonly Metric[] {
  const samples = Object.entries(ended).map(([outcome, value]) => ({ labels: { outcome }, value }));
  return [
    {
      name: 'interlock_enrichment_jobs_total',
      help: 'Look-ups of facts, by what became of them.',
      type: 'counter',
      samples,
    },
    gauge('interlock_enrichment_jobs_waiting', 'Look-ups of facts that wait or run.', waiting),
  ];
}
