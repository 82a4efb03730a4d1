import { Queue } from 'bullmq';
import { BOUNDS } from '../../lib/bounds.ts';
import type { Clock } from '../../lib/clock.ts';
import type { RedisConnection } from '../../lib/open-redis.ts';
import { RETRY_DELAYS_MS } from '../retry-delays.ts';
import { connectHasty } from './connect.ts';
import type { JobReference } from './job-reference.ts';
import { queueName, queuesPrefix, type RedisPlace } from './queue-keys.ts';
import { whenReady } from './when-ready.ts';
import { within } from './within.ts';

/** For whoever looks at queues. */
export interface OpenQueues {
  readonly queues: readonly JobQueue[];
  close(): Promise<void>;
}

/** Opens the queues of systems. Throws QUEUE_UNAVAILABLE where Redis does not answer. */
export async function openQueues(place: RedisPlace, systems: readonly string[], clock: Clock): Promise<OpenQueues> {
  const redis = connectHasty(place);
  try {
    await whenReady(redis, clock);
    const queues = systems.map((system) => openQueue(redis, place, system));
    await within(clock, READY_MS, Promise.all(queues.map((queue) => queue.waitUntilReady())));
    return {
      queues,
      close: async () => {
        await Promise.all(queues.map((queue) => queue.close()));
        redis.disconnect();
      },
    };
  } catch (thrown) {
    redis.disconnect();
    throw thrown;
  }
}

const READY_MS = 3_000;

export type JobQueue = Queue<JobReference>;

/** The queue of one system. Its jobs leave when they are done; those given up stay, as dead letters. */
export function openQueue(redis: RedisConnection, place: RedisPlace, system: string): JobQueue {
  const queue: JobQueue = new Queue(queueName(system), {
    connection: redis,
    prefix: queuesPrefix(place),
    streams: { events: { maxLen: BOUNDS.enrichmentEvents } },
    defaultJobOptions: {
      attempts: RETRY_DELAYS_MS.length + 1,
      // The worker has the delays.
      backoff: { type: 'custom' },
      removeOnComplete: true,
      removeOnFail: { count: BOUNDS.enrichmentDeadLetters },
      // A stack can quote what a system answered.
      stackTraceLimit: 0,
    },
  });
  // Each call tells its own failure.
  queue.on('error', () => undefined);
  return queue;
}
