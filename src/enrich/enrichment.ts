import type { ActionDecided } from '../action/event.ts';
import type { StreamId } from '../action/log-port.ts';
import type { PolicySet } from '../action/policy-port.ts';
import type { WorkflowView } from '../action/view.ts';
import type { Lookup } from '../connector/registry.ts';
import type { Clock } from '../lib/clock.ts';
import type { InterlockError } from '../lib/errors.ts';
import type { Workflows } from '../workflow/workflows.ts';
import type { EnrichmentCounts, EnrichmentJob, EnrichmentQueue } from './enrichment-queue.ts';
import { LocalQueue, type LocalQueueParts } from './local-queue.ts';
import { Observer } from './observe.ts';
import { planAgain, planEnrichment } from './plan-enrichment.ts';
import { tracedLookup } from './traced-lookup.ts';

export interface EnrichmentParts {
  readonly lookups: ReadonlyMap<string, Lookup>;
  readonly workflows: Workflows;
  readonly clock: Clock;
  readonly policySet: () => PolicySet;
  /** Look-ups at once. */
  readonly concurrency: number;
  readonly alarm: (message: string, error: InterlockError) => void;
  /** Where look-ups wait; default: in this process, which does them too. Workers elsewhere leave `work` alone. */
  readonly queue?: ((parts: LocalQueueParts) => EnrichmentQueue) | undefined;
}

export interface Enrichment {
  readonly counts: EnrichmentCounts;
  /** Looks up what a held action waits for, where the process that asked for it is gone. */
  again(stream: StreamId, decided: ActionDecided, view: WorkflowView): void;
  close(): Promise<void>;
}

/** Looks up, off the hot path, what policies ask for about the users and records of the workflows at work. */
export function startEnrichment(parts: EnrichmentParts): Enrichment {
  const { lookups, workflows, clock, policySet, concurrency, alarm, queue: open = inThisProcess } = parts;
  const closing = new AbortController();
  const observer = new Observer({ lookups, workflows, clock, closing: closing.signal });
  const queue = open({ clock, concurrency, alarm, work: (job) => tracedLookup(job, () => observer.observe(job)) });
  const facts = [...lookups.values()].map(({ descriptor }) => descriptor);
  const addAll = (jobs: readonly EnrichmentJob[]): void => {
    for (const job of jobs) queue.add(job);
  };
  const planning = () => ({ facts, policySet: policySet(), clock });
  const end = workflows.onDurable((stream, events, view) =>
    addAll(planEnrichment(planning(), { stream, events, view })),
  );
  return {
    get counts() {
      return queue.counts;
    },
    again: (stream, decided, view) => addAll(planAgain(planning(), { stream, decided, view })),
    async close() {
      end();
      closing.abort();
      await queue.close();
    },
  };
}

function inThisProcess(parts: LocalQueueParts): EnrichmentQueue {
  return new LocalQueue(parts);
}
