import { InterlockError } from '../../lib/errors.ts';

/** What a signal would have to know, and a bound made it forget. */
export function forgotten(): InterlockError {
  return new InterlockError('SIGNAL_FORGOTTEN');
}
