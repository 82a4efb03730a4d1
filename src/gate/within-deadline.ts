import type { Clock } from '../lib/clock.ts';

interface Deadline<T> {
  readonly clock: Clock;
  readonly ms: number;
  /** What stands for the answer that did not come. */
  readonly late: () => T;
}

/** Calls and waits at most `ms`; then the signal is aborted, and what the call still does is nobody's answer. */
export async function withinDeadline<T>(
  { clock, ms, late }: Deadline<T>,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const over = Promise.withResolvers<T>();
  const cancel = clock.after(ms, () => {
    over.resolve(late());
    controller.abort();
  });
  try {
    return await Promise.race([call(controller.signal), over.promise]);
  } finally {
    cancel();
  }
}
