import type { Clock } from '../../lib/clock.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { RedisConnection } from '../../lib/open-redis.ts';
import type { EnrichmentCounts, EnrichmentJob, EnrichmentQueue } from '../enrichment-queue.ts';
import { connectHasty } from './connect.ts';
import { type JobReference, jobIdOf, referenceOf } from './job-reference.ts';
import { type JobQueue, openQueue } from './open-queue.ts';
import { Outbox } from './outbox.ts';
import { jobSetKey, type RedisPlace } from './queue-keys.ts';
import { within } from './within.ts';

export interface BullQueueParts {
  readonly redis: RedisPlace;
  /** Of a fact; undefined where nothing looks it up. */
  readonly systemOf: (fact: string) => string | undefined;
  readonly clock: Clock;
  /** Told once each time that Redis goes away, or fails. */
  readonly alarm: (message: string, error: InterlockError) => void;
}

const AT_ONCE = 200;
const SEND_MS = 5_000;
const AGAIN_MS = 1_000;
const LAST_SEND_MS = 2_000;

/**
 * Hands look-ups to workers in other processes. They wait in memory, within a bound, until Redis has them: adding one
 * touches no connection, and what waits while Redis is away is sent when it is back. Workers count what is done and failed.
 */
export class BullQueue implements EnrichmentQueue {
  readonly #parts: BullQueueParts;
  readonly #redis: RedisConnection;
  readonly #outbox = new Outbox();
  readonly #queues = new Map<string, JobQueue>();
  #dropped = 0;
  #sending: Promise<void> | undefined;
  #cancelAgain: (() => void) | undefined;
  #isAway = false;
  #closed = false;

  constructor(parts: BullQueueParts) {
    this.#parts = parts;
    this.#redis = connectHasty(parts.redis);
    this.#redis.on('ready', () => this.#send());
    this.#redis.on('close', () => this.#tellAway());
  }

  get counts(): EnrichmentCounts {
    return { done: 0, failed: 0, dropped: this.#dropped, waiting: this.#outbox.size };
  }

  add(job: EnrichmentJob): void {
    if (this.#closed) return;
    if (this.#parts.systemOf(job.fact) !== undefined && this.#outbox.put(job)) this.#send();
    else this.#dropped += 1;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelAgain?.();
    // What Redis cannot take now is planned again by the next action that needs it.
    await within(this.#parts.clock, LAST_SEND_MS, this.#sending ?? Promise.resolve()).catch(() => undefined);
    this.#outbox.clear();
    this.#forgetQueues();
    this.#redis.disconnect();
  }

  /** One at a time; what is added meanwhile goes with the next turn. */
  #send(): void {
    if (this.#sending !== undefined || this.#redis.status !== 'ready') return;
    this.#cancelAgain?.();
    this.#sending = this.#sendAll().finally(() => {
      this.#sending = undefined;
      if (this.#outbox.size > 0 && !this.#closed)
        this.#cancelAgain = this.#parts.clock.after(AGAIN_MS, () => this.#send());
    });
  }

  async #sendAll(): Promise<void> {
    try {
      // A turn later the whole decision has been planned.
      await Promise.resolve();
      for (let jobs = this.#outbox.first(AT_ONCE); jobs.length > 0; jobs = this.#outbox.first(AT_ONCE)) {
        await within(this.#parts.clock, SEND_MS, this.#hand(jobs));
        this.#outbox.done(jobs);
        this.#isAway = false;
      }
    } catch (cause) {
      this.#forgetQueues();
      this.#tellAway(cause);
    }
  }

  #tellAway(cause?: unknown): void {
    if (this.#isAway || this.#closed) return;
    this.#isAway = true;
    const error = new InterlockError('QUEUE_UNAVAILABLE', 'Redis is away; they wait in memory', { cause });
    this.#parts.alarm('look-ups cannot be handed to their workers', error);
  }

  async #hand(jobs: readonly EnrichmentJob[]): Promise<void> {
    const bySystem = Map.groupBy(jobs, ({ fact }) => this.#parts.systemOf(fact));
    for (const [system, own] of bySystem) {
      if (system === undefined) continue;
      const queue = await this.#queueOf(system);
      // First: what is given up once it has been added was looked up for this question.
      const blocked = await this.#blocked(system, own);
      await Promise.all(blocked.map((job) => queue.remove(jobIdOf(job))));
      // One that waits or runs already under the same id stays as it is.
      await queue.addBulk(own.map((job) => this.#entry(job)));
    }
  }

  #entry(job: EnrichmentJob): { name: string; data: JobReference; opts: { jobId: string; timestamp: number } } {
    return {
      name: job.fact,
      data: referenceOf(job),
      opts: { jobId: jobIdOf(job), timestamp: this.#parts.clock.now() },
    };
  }

  /** Those whose place a job of the same id has that was given up, or waits to be tried again while an action waits. */
  async #blocked(system: string, jobs: readonly EnrichmentJob[]): Promise<readonly EnrichmentJob[]> {
    const { redis } = this.#parts;
    const ids = jobs.map(jobIdOf);
    const [failed, delayed] = await Promise.all([
      this.#redis.zmscore(jobSetKey(redis, system, 'failed'), ...ids),
      this.#redis.zmscore(jobSetKey(redis, system, 'delayed'), ...ids),
    ]);
    const isIn = (scores: readonly (string | null)[], index: number): boolean => (scores[index] ?? null) !== null;
    return jobs.filter(({ anew }, index) => isIn(failed, index) || (anew && isIn(delayed, index)));
  }

  /** Made only while the connection is there: a queue whose first commands fail never works again. */
  async #queueOf(system: string): Promise<JobQueue> {
    const known = this.#queues.get(system);
    if (known !== undefined) return known;
    const queue = openQueue(this.#redis, this.#parts.redis, system);
    this.#queues.set(system, queue);
    await queue.waitUntilReady();
    return queue;
  }

  /** Nobody waits for their end: one that never was ready has none. */
  #forgetQueues(): void {
    for (const queue of this.#queues.values()) void queue.close().catch(() => undefined);
    this.#queues.clear();
  }
}
