import type { Lookup } from '../../connector/registry.ts';
import type { Workflows } from '../../workflow/workflows.ts';
import type { EnrichmentJob } from '../enrichment-queue.ts';
import { Observer } from '../observe.ts';
import { tracedLookup } from '../traced-lookup.ts';
import { connectHasty } from './connect.ts';
import { redisFence } from './fence.ts';
import { type QueueWorker, type QueueWorkerParts, startQueueWorker } from './start-queue-worker.ts';

export interface EnrichmentWorkerParts extends Omit<QueueWorkerParts, 'systems' | 'work'> {
  readonly lookups: ReadonlyMap<string, Lookup>;
  readonly workflows: Workflows;
}

export interface EnrichmentWorker extends Pick<QueueWorker, 'counts' | 'queues' | 'failure'> {
  /** Takes no more jobs and lets those that run end, for `drainMs` at most; the rest is tried again, by whichever worker. */
  close(drainMs?: number): Promise<void>;
}

/** Looks up what gateways ask for, and appends it to the workflows that want it. As many processes as one likes do so. */
export function startEnrichmentWorker(parts: EnrichmentWorkerParts): EnrichmentWorker {
  const { lookups, workflows, clock, redis } = parts;
  const closing = new AbortController();
  const connection = connectHasty(redis);
  const fence = redisFence(connection, redis);
  const observer = new Observer({ lookups, workflows, clock, closing: closing.signal, fence });
  const systems = [...new Set([...lookups.values()].map(({ descriptor }) => descriptor.system))];
  const work = (job: EnrichmentJob, since?: number) => tracedLookup(job, () => observer.observe(job, since));
  const worker = startQueueWorker({ ...parts, systems, work });
  return {
    get counts() {
      return worker.counts;
    },
    get queues() {
      return worker.queues;
    },
    get failure() {
      return worker.failure;
    },
    async close(drainMs) {
      await worker.close(drainMs, () => closing.abort());
      connection.disconnect();
    },
  };
}
