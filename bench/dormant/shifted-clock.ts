import { type Clock, systemClock } from '../../src/lib/clock.ts';

/** The real clock, which can be set forward: timers that are due by then fire at once. */
export function shiftedClock(): Clock & { readonly skip: (ms: number) => void } {
  let shiftMs = 0;
  const waiting = new Set<{ readonly at: number; readonly fire: () => void }>();
  const now = (): number => Date.now() + shiftMs;
  return {
    now,
    after: (delayMs, callback) => {
      const timer = { at: now() + delayMs, fire: () => end(callback) };
      const cancel = systemClock.after(delayMs, timer.fire);
      const end = (then?: () => void): void => {
        cancel();
        if (waiting.delete(timer)) then?.();
      };
      waiting.add(timer);
      return () => end();
    },
    skip: (ms) => {
      shiftMs += ms;
      for (const { at, fire } of [...waiting]) if (at <= now()) fire();
    },
  };
}
