import { BOUNDS } from '../../lib/bounds.ts';
import { type EnrichmentJob, jobKey } from '../enrichment-queue.ts';

/** Jobs that are not in Redis yet, the oldest first, each once. */
export class Outbox {
  readonly #jobs = new Map<string, EnrichmentJob>();

  get size(): number {
    return this.#jobs.size;
  }

  /** Answers false where there is no room. Of two that ask the same, the one that asks anew stays. */
  put(job: EnrichmentJob): boolean {
    const key = jobKey(job);
    const known = this.#jobs.get(key);
    if (known === undefined && this.#jobs.size >= BOUNDS.enrichmentQueue) return false;
    this.#jobs.set(key, known?.anew === true ? known : job);
    return true;
  }

  /** The first ones, which stay until they are done with. */
  first(count: number): readonly EnrichmentJob[] {
    const jobs: EnrichmentJob[] = [];
    for (const job of this.#jobs.values()) {
      if (jobs.length >= count) break;
      jobs.push(job);
    }
    return jobs;
  }

  /** What came meanwhile under the same key stays. */
  done(jobs: readonly EnrichmentJob[]): void {
    for (const job of jobs) {
      const key = jobKey(job);
      if (this.#jobs.get(key) === job) this.#jobs.delete(key);
    }
  }

  clear(): void {
    this.#jobs.clear();
  }
}
