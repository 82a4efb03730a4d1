import { Cluster, Redis, type RedisOptions } from 'ioredis';

/** Where a Redis is. */
export interface RedisAddress {
  readonly url: string;
  /** It is one node of a cluster; these are others, asked where that one does not answer. Credentials are those of `url`. */
  readonly cluster?: readonly string[] | undefined;
}

/** One server or a cluster: both take the same commands. */
export type RedisConnection = Redis | Cluster;

/** What one server and a cluster understand. */
type ConnectionOptions = Omit<
  RedisOptions,
  'host' | 'port' | 'path' | 'sentinels' | 'readOnly' | 'himportFieldsets' | 'replyMapping'
>;

/** Times that a cluster is asked where a key has moved, or whether it is whole again, 100 ms apart, before the command fails. */
const REDIRECTIONS = 6;
/** The same for commands that wait until Redis is back: no longer than a worker has its job for itself. */
const PATIENT_REDIRECTIONS = 250;

/** A connection by the options of one server's. */
export function openRedis({ url, cluster }: RedisAddress, options: ConnectionOptions): RedisConnection {
  if (cluster === undefined) return new Redis(url, options);
  const { lazyConnect, enableOfflineQueue, retryStrategy, ...ofNodes } = options;
  const isPatient = options.maxRetriesPerRequest === null;
  return new Cluster([url, ...cluster], {
    lazyConnect,
    enableOfflineQueue,
    clusterRetryStrategy: retryStrategy ?? null,
    maxRedirections: isPatient ? PATIENT_REDIRECTIONS : REDIRECTIONS,
    // Certificates are for names, and nodes are asked by the names that the cluster has for them.
    dnsLookup: (address, found) => found(null, address),
    redisOptions: { ...ofNodes, ...credentialsOf(new URL(url)) },
  });
}

/** The nodes that a cluster tells of have addresses only. */
function credentialsOf({ protocol, username, password }: URL): Pick<RedisOptions, 'username' | 'password' | 'tls'> {
  return {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

/** Another connection to the same place, with other options. */
export function openAnother(redis: RedisConnection, options: ConnectionOptions): RedisConnection {
  if (!(redis instanceof Cluster)) return redis.duplicate(options);
  const { lazyConnect, enableOfflineQueue, retryStrategy: _, ...ofNodes } = options;
  const { replyMapping: _unused, ...inherited } = redis.options.redisOptions ?? {};
  return redis.duplicate([], {
    lazyConnect,
    enableOfflineQueue,
    redisOptions: { ...inherited, ...ofNodes },
  });
}

/** Every server that keeps keys, or may come to: masters and their replicas. */
export function nodesOf(redis: RedisConnection): readonly Redis[] {
  return redis instanceof Cluster ? redis.nodes('all') : [redis];
}
