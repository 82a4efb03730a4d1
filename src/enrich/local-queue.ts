import { BOUNDS } from '../lib/bounds.ts';
import type { Clock } from '../lib/clock.ts';
import { asInterlockError, ERRORS, type InterlockError } from '../lib/errors.ts';
import { type EnrichmentCounts, type EnrichmentJob, type EnrichmentQueue, jobKey } from './enrichment-queue.ts';
import { RETRY_DELAYS_MS } from './retry-delays.ts';

export interface LocalQueueParts {
  readonly clock: Clock;
  /** Jobs at once. */
  readonly concurrency: number;
  /** Throws an InterlockError; a retryable one is tried again. */
  readonly work: (job: EnrichmentJob) => Promise<void>;
  /** Told of jobs that are given up. */
  readonly alarm: (message: string, error: InterlockError) => void;
}

/** A job and how often it was tried before. */
interface Waiting {
  readonly job: EnrichmentJob;
  readonly attempt: number;
}

/** Look-ups in this process. What waits when it ends is lost, and planned again by the next action that needs it. */
export class LocalQueue implements EnrichmentQueue {
  readonly #parts: LocalQueueParts;
  readonly #waiting = new Map<string, Waiting>();
  readonly #running = new Map<string, Promise<void>>();
  /** Those that wait to be tried again, and how to end that. */
  readonly #paused = new Map<string, () => void>();
  readonly #counts = { done: 0, failed: 0, dropped: 0 };
  #closed = false;

  constructor(parts: LocalQueueParts) {
    this.#parts = parts;
  }

  get counts(): EnrichmentCounts {
    return { ...this.#counts, waiting: this.#waiting.size + this.#running.size + this.#paused.size };
  }

  add(job: EnrichmentJob): void {
    const key = jobKey(job);
    if (this.#closed || (this.#paused.has(key) && !job.anew)) return;
    const known = this.#waiting.get(key);
    if (known === undefined && this.#waiting.size >= BOUNDS.enrichmentQueue) {
      this.#counts.dropped += 1;
      return;
    }
    this.#endPause(key);
    this.#waiting.set(key, known?.job.anew === true ? known : { job, attempt: 0 });
    this.#next();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.clear();
    for (const key of [...this.#paused.keys()]) this.#endPause(key);
    await Promise.all(this.#running.values());
  }

  #next(): void {
    for (const [key, waiting] of this.#waiting) {
      if (this.#running.size >= this.#parts.concurrency) return;
      if (this.#running.has(key)) continue;
      this.#waiting.delete(key);
      this.#run(key, waiting);
    }
  }

  #run(key: string, waiting: Waiting): void {
    const running = this.#tried(key, waiting).finally(() => {
      this.#running.delete(key);
      this.#next();
    });
    this.#running.set(key, running);
  }

  async #tried(key: string, { job, attempt }: Waiting): Promise<void> {
    try {
      await this.#parts.work(job);
      this.#counts.done += 1;
    } catch (thrown) {
      const error = asInterlockError(thrown);
      const delayMs = RETRY_DELAYS_MS[attempt];
      if (ERRORS[error.code].retryable && delayMs !== undefined && !this.#closed)
        this.#later(key, { job, attempt: attempt + 1 }, delayMs);
      else {
        this.#counts.failed += 1;
        if (!this.#closed) this.#parts.alarm(`the fact ${job.fact} could not be looked up`, error);
      }
    }
  }

  /** Unless it was asked anew while it ran: then it is its turn at once. */
  #later(key: string, waiting: Waiting, delayMs: number): void {
    if (this.#waiting.get(key)?.job.anew === true) return;
    this.#waiting.delete(key);
    const cancel = this.#parts.clock.after(delayMs, () => {
      this.#paused.delete(key);
      this.#waiting.set(key, waiting);
      this.#next();
    });
    this.#paused.set(key, cancel);
  }

  #endPause(key: string): void {
    this.#paused.get(key)?.();
    this.#paused.delete(key);
  }
}
