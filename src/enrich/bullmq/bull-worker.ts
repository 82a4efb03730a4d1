import { type Job, UnrecoverableError, Worker } from 'bullmq';
import { BOUNDS } from '../../lib/bounds.ts';
import { asInterlockError, ERRORS, InterlockError } from '../../lib/errors.ts';
import type { RedisConnection } from '../../lib/open-redis.ts';
import type { EnrichmentJob } from '../enrichment-queue.ts';
import { RETRY_DELAYS_MS } from '../retry-delays.ts';
import { type JobReference, jobOf } from './job-reference.ts';
import { queueName, queuesPrefix, type RedisPlace } from './queue-keys.ts';

export interface BullWorkerParts {
  readonly redis: RedisPlace;
  readonly connection: RedisConnection;
  readonly system: string;
  /** Throws an InterlockError; a retryable one is tried again. `since`: the job ran before, and was asked for then. */
  readonly work: (job: EnrichmentJob, since: number | undefined) => Promise<void>;
  /** From 0 to 1. */
  readonly chance: () => number;
  /** Told of jobs that are given up. */
  readonly alarm: (message: string, error: InterlockError) => void;
  /** Jobs at once, in this process. */
  readonly concurrency: number;
  /** Jobs a second, over all workers. */
  readonly perSecond: number;
  /** Milliseconds after which a job whose worker fell silent is another's. */
  readonly lockMs: number;
}

/** Where the system does not say how long. */
const REST_MS = 1_000;

/** Works off the queue of one system. */
export class BullWorker {
  readonly #parts: BullWorkerParts;
  #worker: Worker<JobReference>;
  readonly #counts = { taken: 0, done: 0, failed: 0 };
  #running = 0;

  constructor(parts: BullWorkerParts) {
    this.#parts = parts;
    this.#worker = this.#start();
  }

  /** Since the start. One is done, or has failed, once Redis knows it: only then does adding it again run it again. */
  get counts(): { readonly taken: number; readonly done: number; readonly failed: number } {
    return this.#counts;
  }

  get hasRoom(): boolean {
    return this.#running < this.#parts.concurrency;
  }

  /** Takes no more jobs, and resolves when those that run have ended. */
  async close(): Promise<void> {
    await this.#worker.close();
  }

  /** A new one in its place. Jobs that still run are others' once their locks end. */
  renew(): void {
    void this.#worker.close(true).catch(() => undefined);
    this.#worker = this.#start();
  }

  #start(): Worker<JobReference> {
    const { redis, connection, system, concurrency, perSecond, lockMs } = this.#parts;
    const worker = new Worker(queueName(system), (job: Job<JobReference>) => this.#process(job), {
      connection,
      prefix: queuesPrefix(redis),
      concurrency,
      limiter: { max: perSecond, duration: 1_000 },
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: BOUNDS.enrichmentTakeovers,
      runRetryDelay: 1_000,
      settings: { backoffStrategy: (attempt) => this.#pauseAfter(attempt) },
    });
    worker.on('completed', () => {
      this.#counts.done += 1;
    });
    worker.on('failed', (_job, error) => {
      if (error instanceof UnrecoverableError) this.#counts.failed += 1;
    });
    // Of lost locks and broken connections: the job is taken over, and the watch sees a queue that stands still.
    return worker.on('error', () => undefined);
  }

  async #process(job: Job<JobReference>): Promise<void> {
    this.#counts.taken += 1;
    this.#running += 1;
    try {
      const reference = jobOf(job.data);
      if (reference === undefined) throw new InterlockError('INTERNAL', 'the job is not of this version');
      await this.#parts.work(reference, job.attemptsStarted > 1 ? job.timestamp : undefined);
    } catch (thrown) {
      throw await this.#failure(job, asInterlockError(thrown));
    } finally {
      this.#running -= 1;
    }
  }

  /** What BullMQ is to make of it: it keeps the message, and tries again unless told otherwise. */
  async #failure(job: Job<JobReference>, error: InterlockError): Promise<Error> {
    const reason = `${error.code}: ${error.message}`;
    // Where Redis cannot be told, the pause before the next try has to do.
    if (error.code === 'RATE_LIMITED') await this.#worker.rateLimit(this.#restAfter(error)).catch(() => undefined);
    const isLast = job.attemptsMade >= RETRY_DELAYS_MS.length;
    if (ERRORS[error.code].retryable && !isLast) return new Error(reason);
    this.#parts.alarm(`the fact ${job.name} could not be looked up`, error);
    return new UnrecoverableError(reason);
  }

  /** Each worker another, so that jobs which failed together do not come back together: from half to all of the delay. */
  #pauseAfter(attempt: number): number {
    const delayMs = RETRY_DELAYS_MS[attempt - 1] ?? RETRY_DELAYS_MS[RETRY_DELAYS_MS.length - 1] ?? 0;
    return Math.round(delayMs * (0.5 + this.#parts.chance() / 2));
  }

  /** The whole queue rests, over all workers. */
  #restAfter({ data }: InterlockError): number {
    const { retryAfterMs } = data;
    const restMs = typeof retryAfterMs === 'number' ? retryAfterMs : REST_MS;
    return Math.max(1, Math.min(restMs, BOUNDS.enrichmentMs));
  }
}
