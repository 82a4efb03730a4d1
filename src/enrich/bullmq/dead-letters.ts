import type { Job } from 'bullmq';
import { BOUNDS } from '../../lib/bounds.ts';
import type { Clock } from '../../lib/clock.ts';
import type { RedisConnection } from '../../lib/open-redis.ts';
import { connectHasty } from './connect.ts';
import type { JobReference } from './job-reference.ts';
import { type JobQueue, openQueue } from './open-queue.ts';
import { queueName, queuesPrefix, type RedisPlace } from './queue-keys.ts';
import { whenReady } from './when-ready.ts';

/** A look-up that was given up. */
export interface DeadLetter extends JobReference {
  readonly id: string;
  readonly system: string;
  /** Error code and detail. */
  readonly reason: string;
  readonly attempts: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface DeadLettersParts {
  readonly redis: RedisPlace;
  readonly systems: readonly string[];
  readonly clock: Clock;
}

/** Which ones: by id, or the newest ones of all, up to `BOUNDS.enrichmentDeadLettersAtOnce`. */
export type Chosen = readonly string[] | 'all';

/** Look-ups that were given up: an operator sees why, has them tried again, or throws them away. */
export class DeadLetters {
  readonly #parts: DeadLettersParts;
  readonly #redis: RedisConnection;
  readonly #queues: ReadonlyMap<string, JobQueue>;

  private constructor(parts: DeadLettersParts, redis: RedisConnection) {
    this.#parts = parts;
    this.#redis = redis;
    this.#queues = new Map(parts.systems.map((system) => [system, openQueue(redis, parts.redis, system)]));
  }

  /** Throws QUEUE_UNAVAILABLE where Redis does not answer. */
  static async open(parts: DeadLettersParts): Promise<DeadLetters> {
    const redis = connectHasty(parts.redis);
    try {
      await whenReady(redis, parts.clock);
      return new DeadLetters(parts, redis);
    } catch (thrown) {
      redis.disconnect();
      throw thrown;
    }
  }

  /** Newest first, and how many there are in all. */
  async list(): Promise<{ readonly total: number; readonly letters: readonly DeadLetter[] }> {
    const found = await Promise.all(
      [...this.#queues].map(async ([system, queue]) => {
        const jobs = await queue.getJobs(['failed'], 0, BOUNDS.enrichmentDeadLettersAtOnce - 1, false);
        return { total: await queue.getFailedCount(), letters: jobs.map((job) => letterOf(system, job)) };
      }),
    );
    const letters = found.flatMap((each) => each.letters).sort((a, b) => b.at - a.at);
    const total = found.reduce((sum, each) => sum + each.total, 0);
    return { total, letters: letters.slice(0, BOUNDS.enrichmentDeadLettersAtOnce) };
  }

  /** Has them looked up again, as if asked for now. Answers how many. */
  replay(chosen: Chosen): Promise<number> {
    return this.#each(chosen, async (queue, id) => {
      const key = `${queuesPrefix(this.#parts.redis)}:${queueName(queue.system)}:${id}`;
      // What BullMQ counts against a job that was taken over too often; a retry of its own leaves it there.
      await this.#redis.hdel(key, 'stc', 'defa');
      await this.#redis.hset(key, 'timestamp', this.#parts.clock.now());
      const job = await queue.jobs.getJob(id);
      if (await job?.isFailed()) await job?.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
    });
  }

  /** The next action that needs such a fact has it looked up again all the same. Answers how many. */
  discard(chosen: Chosen): Promise<number> {
    return this.#each(chosen, async ({ jobs }, id) => void (await jobs.remove(id)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
    this.#redis.disconnect();
  }

  async #each(
    chosen: Chosen,
    act: (queue: { readonly system: string; readonly jobs: JobQueue }, id: string) => Promise<void>,
  ): Promise<number> {
    const { letters } = await this.list();
    const wanted = chosen === 'all' ? undefined : new Set(chosen);
    const picked = letters.filter(({ id }) => wanted === undefined || wanted.has(id));
    for (const { id, system } of picked) {
      const jobs = this.#queues.get(system);
      if (jobs !== undefined) await act({ system, jobs }, id);
    }
    return picked.length;
  }
}

function letterOf(
  system: string,
  { id = '', data, failedReason, attemptsMade, finishedOn = 0 }: Job<JobReference>,
): DeadLetter {
  return { ...data, id, system, reason: failedReason, attempts: attemptsMade, at: finishedOn };
}
