import type { Clock } from '../../src/lib/clock.ts';

export interface TestClock extends Clock {
  advance(ms: number): void;
  /** Sets the time of day without any timer noticing, as an administrator or a time server does. */
  set(now: number): void;
  /** Fires whatever is due within `ms` from now although the time of day says that it is not. */
  fireEarly(ms: number): void;
  readonly timers: number;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that tests set: the time of day, and timers that follow elapsed time, as real ones do. */
export function testClock(start = Date.UTC(2026, 0, 1)): TestClock {
  let now = start;
  let elapsed = 0;
  const timers = new Set<Timer>();
  const fire = (until: number): void => {
    for (const timer of [...timers].sort((a, b) => a.at - b.at)) {
      if (timer.at > until || !timers.delete(timer)) continue;
      timer.callback();
    }
  };
  return {
    now: () => now,
    after: (delayMs, callback) => {
      const timer = { at: elapsed + Math.max(delayMs, 0), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: (ms) => {
      now += ms;
      elapsed += ms;
      fire(elapsed);
    },
    set: (time) => {
      now = time;
    },
    fireEarly: (ms) => fire(elapsed + ms),
    get timers() {
      return timers.size;
    },
  };
}
