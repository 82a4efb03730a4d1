import type { Redis } from 'ioredis';
import type { WorkflowLog } from '../../action/log-port.ts';
import { InterlockError } from '../../lib/errors.ts';

type Durability = WorkflowLog['durability'];

/** What a Redis promises of what was written: nothing is known (undefined) where it does not show its settings. */
export interface RedisPromise {
  readonly durability: Durability | undefined;
  /** False: it may throw keys away when it is full. */
  readonly keepsAll: boolean | undefined;
  readonly version: string;
}

/** Asks the server for the settings that decide what it can lose. Throws LOG_UNAVAILABLE. */
export async function examineRedis(redis: Redis): Promise<RedisPromise> {
  const info = await redis.info('server').catch((cause: unknown) => {
    throw new InterlockError('LOG_UNAVAILABLE', 'Redis does not answer.', { cause });
  });
  const version = /^redis_version:(\S+)/m.exec(info)?.[1] ?? 'unknown';
  const appendOnly = await setting(redis, 'appendonly');
  const fsync = await setting(redis, 'appendfsync');
  const eviction = await setting(redis, 'maxmemory-policy');
  return {
    version,
    durability: durabilityOf(appendOnly, fsync),
    keepsAll: eviction === undefined ? undefined : eviction === 'noeviction',
  };
}

/** Undefined where CONFIG is not allowed, as with managed servers. */
async function setting(redis: Redis, name: string): Promise<string | undefined> {
  try {
    const [, value] = (await redis.config('GET', name)) as string[]; // name and value, or nothing
    return value;
  } catch {
    return undefined;
  }
}

function durabilityOf(appendOnly: string | undefined, fsync: string | undefined): Durability | undefined {
  if (appendOnly === undefined) return undefined;
  if (appendOnly !== 'yes') return 'memory';
  return fsync === 'always' ? 'synced' : 'relaxed';
}

const WEAKER: Readonly<Record<Durability, readonly Durability[]>> = {
  synced: ['relaxed', 'memory'],
  relaxed: ['memory'],
  memory: [],
};

/** Why this Redis must not hold the log, if it must not: it throws keys away, or promises less than was asked for. */
export function whyUnfit({ durability, keepsAll }: RedisPromise, wanted: Durability): string | undefined {
  if (keepsAll === false) return 'it throws keys away when it is full: set `maxmemory-policy noeviction`';
  if (durability === undefined || !WEAKER[wanted].includes(durability)) return undefined;
  const asked = `the configuration asks for \`${wanted}\``;
  if (durability === 'memory') return `it keeps nothing on the disk and ${asked}: set \`appendonly yes\``;
  return `it can lose the last second and ${asked}: set \`appendfsync always\`, or \`redis.durability: relaxed\``;
}
