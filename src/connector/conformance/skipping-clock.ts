import { BOUNDS } from '../../lib/bounds.ts';
import type { Clock } from '../../lib/clock.ts';
import { CONFORMANCE_NOW_MS } from './fixtures.ts';

export interface SkippingClock extends Clock {
  /** Every wait that was skipped, in milliseconds. */
  readonly waitsMs: readonly number[];
}

/** Timers of these lengths end a call; they are not waits, and run in real time. */
const DEADLINES_MS = [BOUNDS.executionMs, BOUNDS.streamedExecutionMs, BOUNDS.tokenMs].flatMap((ms) => [ms, ms / 2]);
/** In real time even a deadline is this short, so that a check cannot hang. */
const LONGEST_MS = 5_000;

/** Stands at {@link CONFORMANCE_NOW_MS}, and jumps over every wait at once. */
export function createSkippingClock(timeoutMs: number = BOUNDS.executionMs): SkippingClock {
  const deadlines = new Set([...DEADLINES_MS, timeoutMs, timeoutMs / 2]);
  const waitsMs: number[] = [];
  let now = CONFORMANCE_NOW_MS;
  return {
    waitsMs,
    now: () => now,
    after(delayMs, callback) {
      const isDeadline = deadlines.has(delayMs);
      const over = (): void => {
        if (!isDeadline) {
          waitsMs.push(delayMs);
          now += delayMs;
        }
        callback();
      };
      const timer = setTimeout(over, isDeadline ? Math.min(delayMs, LONGEST_MS) : 0);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}
