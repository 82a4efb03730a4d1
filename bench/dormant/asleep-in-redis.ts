import { Redis } from 'ioredis';
import type { WorkflowLog } from '../../src/action/log-port.ts';
import { createRedisLog } from '../../src/workflow/redis-log/create-redis-log.ts';
import { hasRedis, startRedis } from '../../test/support/redis-server.ts';
import { type Row, summarise } from '../row.ts';
import { EVENTS_EACH } from './fill.ts';

const AT_ONCE = 500;

/** What workflows take in a Redis of their own: with their events, and once those have left for the ledger. */
export async function* asleepInRedis(asleep: number, fill: (log: WorkflowLog) => Promise<void>): AsyncGenerator<Row> {
  if (!hasRedis) return;
  const redis = await startRedis();
  const admin = new Redis(redis.url);
  const log = await createRedisLog({ url: redis.url, prefix: 'il', durability: 'memory' });
  try {
    const nothing = await usedBytes(admin);
    await fill(log);
    // The feed is bounded, and is no workflow's.
    await forgetFeeds(admin);
    const awake = (await usedBytes(admin)) - nothing;
    const left = await sleepAll(log);
    if (left !== asleep) throw new Error(`${left} of ${asleep} workflows left.`);
    const heads = (await usedBytes(admin)) - nothing;
    const row = (what: string, bytes: number): Row => ({
      bench: 'dormant',
      case: `Redis, each of ${asleep} workflows of ${EVENTS_EACH} events, ${what}`,
      ...summarise('KiB', [bytes / asleep / 1_024]),
    });
    yield row('with its events', awake);
    yield row('once they have left', heads);
  } finally {
    await log.close();
    admin.disconnect();
    await redis.stop();
  }
}

async function sleepAll({ shared }: WorkflowLog): Promise<number> {
  if (shared === undefined) throw new Error('A log in Redis is shared.');
  let left = 0;
  for (const tenant of await shared.source.tenants()) {
    for (;;) {
      const idle = await shared.idle(tenant, Number.MAX_SAFE_INTEGER, AT_ONCE);
      const gone = await Promise.all(
        idle.map(({ version, hash, ...stream }) => shared.sleep(stream, { version, hash })),
      );
      left += gone.filter(Boolean).length;
      if (!gone.some(Boolean)) break;
    }
  }
  return left;
}

async function forgetFeeds(redis: Redis): Promise<void> {
  for (const key of await redis.keys('il:*:feed')) await redis.del(key);
}

async function usedBytes(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
}
