import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { BOUNDS } from '../../lib/bounds.ts';
import { RETRY_DELAYS_MS } from '../retry-delays.ts';
import type { JobReference } from './job-reference.ts';
import { queueName, queuesPrefix, type RedisPlace } from './queue-keys.ts';

export type JobQueue = Queue<JobReference>;

/** The queue of one system. Its jobs leave when they are done; those given up stay, as dead letters. */
export function openQueue(redis: Redis, place: RedisPlace, system: string): JobQueue {
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
