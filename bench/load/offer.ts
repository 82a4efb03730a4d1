import { setTimeout as pause } from 'node:timers/promises';

export interface Offer {
  readonly perSecond: number;
  readonly forMs: number;
}

export interface Offered {
  /** Of each operation from when it was due to its end. */
  readonly latenciesMs: readonly number[];
  /** Of each operation from when it was due to when it was begun: what this process itself was late. */
  readonly lateMs: readonly number[];
  /** Ended in each second, to the end of the last. */
  readonly achieved: number;
  /** Whether so many were underway that no more were begun. */
  readonly saturated: boolean;
}

/** Operations that have begun and not ended; whoever gets this far behind does not catch up. */
const MOST_UNDERWAY = 1_000;

/**
 * Begins one operation after the other at the times of a fixed schedule, whether or not earlier ones have ended, and
 * times each from when it was due: whoever falls behind pays for it. What was begun is awaited, also where it ends early.
 */
export async function offer({ perSecond, forMs }: Offer, operate: (index: number) => Promise<void>): Promise<Offered> {
  const count = Math.round((perSecond * forMs) / 1_000);
  const latenciesMs: number[] = [];
  const lateMs: number[] = [];
  const begun: Promise<void>[] = [];
  const start = performance.now();
  const dueAt = (index: number): number => start + (index * 1_000) / perSecond;
  const begin = async (index: number): Promise<void> => {
    lateMs.push(performance.now() - dueAt(index));
    await operate(index);
    latenciesMs.push(performance.now() - dueAt(index));
  };
  let saturated = false;
  while (begun.length < count && !saturated) {
    while (begun.length < count && dueAt(begun.length) <= performance.now() && !saturated) {
      const next = begin(begun.length);
      // It is awaited below; until then its failure waits, too.
      next.catch(() => undefined);
      begun.push(next);
      saturated = begun.length - latenciesMs.length >= MOST_UNDERWAY;
    }
    await pause(1);
  }
  await Promise.all(begun);
  const achieved = (begun.length * 1_000) / (performance.now() - start);
  return { latenciesMs, lateMs, achieved, saturated };
}
