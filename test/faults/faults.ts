import { globSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { startRedis } from '../support/redis-server.ts';
import type { FaultSite, Level } from './site.ts';

export interface Fault {
  readonly name: string;
  /**
   * What a `synced` log promises is not to be had from a Redis that loses what it has acknowledged. `perhaps`: it depends on
   * the disk, and where it did, those who asked on were told.
   */
  readonly losesHistory?: boolean | 'perhaps';
  /** What the Redis at hand is configured for; default `synced`. */
  readonly level?: Level;
  /** Redis is in a network of its own, at the end of a cable. */
  readonly isApart?: boolean;
  /** Happens in the middle of the load; what can be mended is mended when it resolves. */
  happen(site: FaultSite): Promise<void>;
}

/** As an administrator of Redis itself, past the wire. */
async function administer(site: FaultSite, work: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(site.redis.url, { retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  try {
    await work(redis);
  } finally {
    redis.disconnect();
  }
}

const WHILE_MS = 3_000;
/** Longer than a gateway may be silent. */
const AWAY_MS = 20_000;

export const FAULTS: readonly Fault[] = [
  { name: 'none', happen: async () => undefined },
  {
    name: 'gateways killed (SIGKILL) three times, one after the other',
    happen: async (site) => {
      for (const index of [0, 1, 2]) {
        await site.killGateway(index);
        await pause(300);
        await site.startGateway(index);
      }
    },
  },
  {
    name: 'a gateway paused (SIGSTOP) until the others take over, then continued',
    happen: async (site) => {
      site.pauseGateway(0, true);
      await pause(22_000);
      site.pauseGateway(0, false);
    },
  },
  {
    name: 'Redis killed (SIGKILL) and started again',
    happen: async (site) => {
      await site.redis.kill();
      await pause(500);
      await site.restartRedis();
    },
  },
  {
    name: 'Redis paused (SIGSTOP) for three seconds',
    happen: async (site) => {
      await site.redis.kill('SIGSTOP');
      await pause(WHILE_MS);
      await site.redis.kill('SIGCONT');
    },
  },
  {
    name: 'Redis read-only for three seconds',
    happen: (site) =>
      administer(site, async (redis) => {
        // A replica of nobody keeps what it has, and refuses to write.
        await redis.replicaof('127.0.0.1', 1);
        await pause(WHILE_MS);
        await redis.replicaof('NO', 'ONE');
      }),
  },
  {
    name: 'Redis out of memory for three seconds',
    happen: (site) =>
      administer(site, async (redis) => {
        await redis.config('SET', 'maxmemory', '1');
        await pause(WHILE_MS);
        await redis.config('SET', 'maxmemory', '0');
      }),
  },
  {
    name: 'the network to Redis cut for three seconds, without a word',
    happen: async (site) => {
      site.wire.cut();
      await pause(WHILE_MS);
      site.wire.mend();
    },
  },
  ...[WHILE_MS, AWAY_MS].map(
    (ms): Fault => ({
      name: `the link to the network of Redis down for ${ms / 1_000} seconds (network namespace)`,
      isApart: true,
      happen: async (site) => {
        site.cable?.cut();
        await pause(ms);
        site.cable?.mend();
      },
    }),
  ),
  {
    name: 'the script cache of Redis emptied',
    happen: (site) => administer(site, (redis) => redis.script('FLUSH')),
  },
  {
    name: 'Redis emptied (FLUSHALL)',
    losesHistory: true,
    happen: (site) => administer(site, (redis) => redis.flushall()),
  },
  {
    name: 'Redis replaced by a replica that misses the last half second',
    losesHistory: true,
    happen: async (site) => {
      const replica = await startRedis();
      const other = new Redis(replica.url);
      await other.replicaof('127.0.0.1', site.redis.port);
      while (!/master_link_status:up/.test(await other.info('replication'))) await pause(50);
      await other.replicaof('NO', 'ONE');
      await pause(500);
      await other.config('SET', 'appendonly', 'yes');
      await other.config('SET', 'appendfsync', 'always');
      other.disconnect();
      site.wire.leadTo(replica.port);
      await site.redis.stop();
      site.redis = replica;
    },
  },
  {
    name: 'relaxed: Redis killed (SIGKILL) and started again',
    level: 'relaxed',
    // With `everysec`, Redis acknowledges what it has not even written while the disk is busy with what came before.
    losesHistory: 'perhaps',
    happen: async (site) => {
      await site.redis.kill();
      await pause(500);
      await site.restartRedis();
    },
  },
  {
    name: 'relaxed: the machine of Redis loses what was not synced yet',
    level: 'relaxed',
    losesHistory: true,
    happen: async (site) => {
      await site.redis.kill();
      forgetTheEnd(site.redis.directory);
      await site.restartRedis();
    },
  },
  {
    name: 'memory: Redis killed (SIGKILL) and started again',
    level: 'memory',
    losesHistory: true,
    happen: async (site) => {
      await site.redis.kill();
      await site.restartRedis();
    },
  },
];

/** Of the file that Redis appends to, as a machine may find it that has lost its power. */
const FORGOTTEN_BYTES = 50_000;

function forgetTheEnd(directory: string): void {
  const [file] = globSync(join(directory, 'appendonlydir/*.incr.aof'));
  if (file === undefined) throw new Error('Redis appends to no file');
  truncateSync(file, statSync(file).size - FORGOTTEN_BYTES);
}
