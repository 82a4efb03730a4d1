import type { Clock } from '../../src/lib/clock.ts';
import type { IdSource } from '../../src/lib/ids.ts';

/** A clock that moves only when it is told to; timers fire when it passes them. */
export function steppingClock(start: number): Clock & { advance(ms: number): void } {
  let now = start;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  return {
    now: () => now,
    after: (delayMs, callback) => {
      const timer = { at: now + delayMs, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: (ms) => {
      now += ms;
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(timer);
        timer.callback();
      }
    },
  };
}

/** Ids that count up, so that the same story gets the same ones. */
export function countingIds(): IdSource {
  let last = 0;
  const next = (): string => `${++last}`.padStart(22, '0');
  return { id: (prefix) => `${prefix}_${next()}`, secret: () => next().padStart(43, 'x') };
}
