import type { Clock } from '../../lib/clock.ts';
import type { RedisConnection } from '../../lib/open-redis.ts';
import { within } from './within.ts';

const READY_MS = 3_000;

/** Throws QUEUE_UNAVAILABLE where the connection is not there in time. */
export async function whenReady(redis: RedisConnection, clock: Clock): Promise<void> {
  if (redis.status === 'ready') return;
  const { promise, resolve } = Promise.withResolvers<void>();
  redis.once('ready', () => resolve());
  await within(clock, READY_MS, promise);
}
