import { openRedis, type RedisAddress, type RedisConnection } from '../../lib/open-redis.ts';

/** Milliseconds for one command of a producer, a watch or an operator; a Redis that takes longer is away. */
const COMMAND_MS = 2_000;
/** Milliseconds that it may owe an answer: then the connection is half open, and another one is made. */
const HASTY_SILENCE_MS = 5_000;
const RECONNECT_MAX_MS = 1_000;
/** The same for a worker's, whose longest command blocks for 10 seconds. */
const PATIENT_SILENCE_MS = 20_000;

const retryStrategy = (times: number): number => Math.min(times * 50, RECONNECT_MAX_MS);
const reconnectOnError = (error: Error): boolean => error.message.startsWith('READONLY');

/** A connection whose commands fail at once while Redis is away. It comes back by itself. */
export function connectHasty(address: RedisAddress): RedisConnection {
  return quiet(
    openRedis(address, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      commandTimeout: COMMAND_MS,
      socketTimeout: HASTY_SILENCE_MS,
      connectTimeout: COMMAND_MS,
      retryStrategy,
      reconnectOnError,
    }),
  );
}

/** A connection whose commands wait until Redis is back, as a worker's do; a half-open one is given up. */
export function connectPatient(address: RedisAddress): RedisConnection {
  return quiet(
    openRedis(address, {
      maxRetriesPerRequest: null,
      connectTimeout: COMMAND_MS,
      socketTimeout: PATIENT_SILENCE_MS,
      retryStrategy,
      reconnectOnError,
    }),
  );
}

/** Each command tells its own failure; a message of the connection's can hold the address, and that a password. */
function quiet(redis: RedisConnection): RedisConnection {
  redis.on('error', () => undefined);
  return redis;
}
