import type { Redis } from 'ioredis';
import type { WorkflowLog } from '../../action/log-port.ts';
import { InterlockError } from '../../lib/errors.ts';
import { nodesOf, type RedisConnection } from '../../lib/open-redis.ts';

type Durability = WorkflowLog['durability'];

/** What a Redis promises of what was written: nothing is known (undefined) where it does not show its settings. */
export interface RedisPromise {
  readonly durability: Durability | undefined;
  /** False: it may throw keys away when it is full. */
  readonly keepsAll: boolean | undefined;
  readonly version: string;
  /** Of a cluster: its servers that were asked, and the one that promises least. */
  readonly nodes?: { readonly count: number; readonly weakest: string };
}

/**
 * Asks for the settings that decide what can be lost. A cluster promises what the weakest of its servers does; a replica
 * counts, because it is a master some day. Throws LOG_UNAVAILABLE.
 */
export async function examineRedis(redis: RedisConnection): Promise<RedisPromise> {
  const nodes = nodesOf(redis);
  const asked = await Promise.all(nodes.map(async (node) => ({ node, promise: await examineNode(node) })));
  const [first] = asked.sort((a, b) => strength(a.promise) - strength(b.promise));
  if (first === undefined) throw new InterlockError('LOG_UNAVAILABLE', 'the cluster names no server');
  if (!redis.isCluster) return first.promise;
  const { host, port } = first.node.options;
  return { ...first.promise, nodes: { count: nodes.length, weakest: `${host}:${port}` } };
}

/** Throwing away what was kept is worse than keeping it badly; what is not known lies before the best. */
function strength({ keepsAll, durability }: RedisPromise): number {
  const kept = keepsAll === false ? 0 : 10;
  return kept + (durability === undefined ? 2 : { memory: 0, relaxed: 1, synced: 3 }[durability]);
}

async function examineNode(redis: Redis): Promise<RedisPromise> {
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
export function whyUnfit({ durability, keepsAll, nodes }: RedisPromise, wanted: Durability): string | undefined {
  const it = nodes === undefined ? 'it' : `its node ${nodes.weakest}`;
  if (keepsAll === false) return `${it} throws keys away when it is full: set \`maxmemory-policy noeviction\``;
  if (durability === undefined || !WEAKER[wanted].includes(durability)) return undefined;
  const asked = `the configuration asks for \`${wanted}\``;
  if (durability === 'memory') return `${it} keeps nothing on the disk and ${asked}: set \`appendonly yes\``;
  return `${it} can lose the last second and ${asked}: set \`appendfsync always\`, or \`redis.durability: relaxed\``;
}
