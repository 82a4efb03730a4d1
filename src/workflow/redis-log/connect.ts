import { InterlockError } from '../../lib/errors.ts';
import { openRedis, type RedisAddress, type RedisConnection } from '../../lib/open-redis.ts';

/** Milliseconds for one command; a Redis that takes longer is away. */
const COMMAND_MS = 2_000;
const RECONNECT_MAX_MS = 500;

/**
 * A connection whose commands fail at once while it is away, and are never sent twice by themselves. Waits for the first
 * one. Throws LOG_UNAVAILABLE, without the address: it can hold a password.
 */
export async function connectRedis(address: RedisAddress): Promise<RedisConnection> {
  const redis = openRedis(address, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS,
    // A connection on which nothing comes is given up, too: where packets vanish, the system would keep it for a quarter of an hour.
    socketTimeout: COMMAND_MS,
    connectTimeout: COMMAND_MS,
    retryStrategy: (times) => Math.min(times * 50, RECONNECT_MAX_MS),
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  // Every command tells its own failure; a connection that comes and goes is told by `failure`.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return redis;
  } catch (cause) {
    redis.disconnect();
    throw new InterlockError('LOG_UNAVAILABLE', 'Redis does not answer.', { cause });
  }
}

/** What is sent from now to the end of this turn goes out in one piece: a system call for each takes longer than the command. */
export function sendTogether(redis: RedisConnection): void {
  // Which node of a cluster it goes to is for the client to find.
  if (!('stream' in redis)) return;
  const { stream: socket } = redis;
  if (socket.writableCorked > 0) return;
  socket.cork();
  process.nextTick(() => socket.uncork());
}

/** What Redis answers. Throws LOG_UNAVAILABLE where it does not. */
export async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new InterlockError('LOG_UNAVAILABLE', 'Redis does not answer.', { cause });
  }
}

/** Resolves when the connection is there, at the latest after `ms`; answers whether it is. */
export function whenReady(redis: RedisConnection, ms: number): Promise<boolean> {
  if (redis.status === 'ready') return Promise.resolve(true);
  return new Promise((resolve) => {
    const end = (isReady: boolean) => (): void => {
      clearTimeout(timer);
      redis.off('ready', came);
      resolve(isReady);
    };
    const came = end(true);
    const timer = setTimeout(end(false), ms);
    redis.once('ready', came);
  });
}
