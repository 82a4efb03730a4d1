import { InterlockError } from '../../lib/errors.ts';
import type { RedisConnection } from '../../lib/open-redis.ts';
import type { ObserverParts } from '../observe.ts';
import { fenceKey, type RedisPlace } from './queue-keys.ts';

/**
 * KEYS[1] the last place given out. ARGV[1] milliseconds for which it is kept. Answers with the next one: microseconds of
 * Redis's clock, or one more than the last. So it still grows when Redis was emptied, and when its clock was set back.
 */
const NEXT_PLACE = `
local time = redis.call('TIME')
local place = math.max(time[1] * 1000000 + time[2], tonumber(redis.call('GET', KEYS[1]) or '0') + 1)
local text = string.format('%.0f', place)
redis.call('SET', KEYS[1], text, 'PX', ARGV[1])
return text
`;

/** Longer than any look-up runs, and than a clock is usually set back by. A busy day would leave millions of them. */
const KEPT_MS = 600_000;

/** Gives each look-up its place among those of the same fact and subject, over all workers. */
export function redisFence(redis: RedisConnection, place: RedisPlace): NonNullable<ObserverParts['fence']> {
  return async (stream, fact, subject) => {
    try {
      return Number(await redis.eval(NEXT_PLACE, 1, fenceKey(place, stream, { fact, subject }), KEPT_MS));
    } catch (cause) {
      throw new InterlockError('QUEUE_UNAVAILABLE', 'Redis gives no place to the look-up.', { cause });
    }
  };
}
