import type { Clock } from '../../lib/clock.ts';
import { InterlockError } from '../../lib/errors.ts';

/** What `doing` comes to, where it does within `ms`; else throws QUEUE_UNAVAILABLE, and nobody hears how it ended. */
export async function within<T>(clock: Clock, ms: number, doing: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(ms, () => reject(new InterlockError('QUEUE_UNAVAILABLE', 'Redis does not answer.')));
  try {
    return await Promise.race([doing, late]);
  } finally {
    cancel();
  }
}
