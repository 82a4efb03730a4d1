import type { FactSubject } from '../action/fact.ts';
import type { StreamId } from '../action/log-port.ts';

/** One fact to be looked up for one workflow. */
export interface EnrichmentJob {
  readonly stream: StreamId;
  readonly fact: string;
  readonly subject: FactSubject;
  /** An action waits for it: whatever was looked up before is not new enough. */
  readonly anew: boolean;
}

/** Jobs added, and what became of them. */
export interface EnrichmentCounts {
  readonly done: number;
  /** Given up after their last try. */
  readonly failed: number;
  /** Not taken, because too many waited. */
  readonly dropped: number;
  readonly waiting: number;
}

/** Where look-ups wait for a worker. Adding never blocks and never throws: a decision must not wait for it. */
export interface EnrichmentQueue {
  add(job: EnrichmentJob): void;
  readonly counts: EnrichmentCounts;
  close(): Promise<void>;
}

/** The same job in the same words: one of them is enough. */
export function jobKey({ stream, fact, subject }: EnrichmentJob): string {
  return JSON.stringify([stream.tenant, stream.workflow, fact, subject.type, subject.id]);
}
