import type { Clock } from '../../lib/clock.ts';

const FOREVER_MS = 2_147_483_647;

/** Waits; answers false at once where `signal` ends the wait. Keeps the process alive, which the clock's timers do not. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (whole: boolean) => {
      clearTimeout(alive);
      cancel();
      signal.removeEventListener('abort', aborted);
      resolve(whole);
    };
    const aborted = () => end(false);
    const alive = setTimeout(() => undefined, FOREVER_MS);
    const cancel = clock.after(delayMs, () => end(true));
    signal.addEventListener('abort', aborted, { once: true });
  });
}
