import type { AppendResult } from '../action/log-port.ts';
import type { Reservation } from '../action/signal-store.ts';

/** Appends what was reserved, and releases it where it does not get in. */
export async function appendReserved(
  reservation: Reservation,
  append: () => Promise<AppendResult>,
): Promise<AppendResult> {
  try {
    const result = await append();
    if (result.status !== 'appended') reservation.release();
    return result;
  } catch (thrown) {
    reservation.release();
    throw thrown;
  }
}
