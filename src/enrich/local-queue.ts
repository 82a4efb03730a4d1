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

/** Look-ups in this process. What waits when it ends is lost, and planned again by the next action that needs it. */
export class LocalQueue implements EnrichmentQueue {
  readonly #parts: LocalQueueParts;
  readonly #waiting = new Map<string, EnrichmentJob>();
  readonly #running = new Map<string, Promise<void>>();
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
    if (this.#closed) return;
    const known = this.#waiting.get(key);
    if (known === undefined && this.#waiting.size >= BOUNDS.enrichmentQueue) {
      this.#counts.dropped += 1;
      return;
    }
    this.#waiting.set(key, known?.anew === true ? known : job);
    this.#next();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.clear();
    for (const cancel of this.#paused.values()) cancel();
    this.#paused.clear();
    await Promise.all(this.#running.values());
  }

  #next(): void {
    for (const [key, job] of this.#waiting) {
      if (this.#running.size >= this.#parts.concurrency) return;
      if (this.#running.has(key)) continue;
      this.#waiting.delete(key);
      this.#run(key, job, 0);
    }
  }

  #run(key: string, job: EnrichmentJob, attempt: number): void {
    const running = this.#tried(key, job, attempt).finally(() => {
      this.#running.delete(key);
      this.#next();
    });
    this.#running.set(key, running);
  }

  async #tried(key: string, job: EnrichmentJob, attempt: number): Promise<void> {
    try {
      await this.#parts.work(job);
      this.#counts.done += 1;
    } catch (thrown) {
      const error = asInterlockError(thrown);
      const delayMs = RETRY_DELAYS_MS[attempt];
      if (ERRORS[error.code].retryable && delayMs !== undefined && !this.#closed)
        this.#later(key, job, { attempt, delayMs });
      else {
        this.#counts.failed += 1;
        if (!this.#closed) this.#parts.alarm(`the fact ${job.fact} could not be looked up`, error);
      }
    }
  }

  #later(
    key: string,
    job: EnrichmentJob,
    { attempt, delayMs }: { readonly attempt: number; readonly delayMs: number },
  ): void {
    this.#paused.get(key)?.();
    const cancel = this.#parts.clock.after(delayMs, () => {
      this.#paused.delete(key);
      this.#run(key, job, attempt + 1);
    });
    this.#paused.set(key, cancel);
  }
}
