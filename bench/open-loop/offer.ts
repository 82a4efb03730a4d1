import { setTimeout as pause } from 'node:timers/promises';

export interface Offer {
  readonly perSecond: number;
  readonly forMs: number;
}

/**
 * Begins one operation after the other at the times of a fixed schedule, whether or not earlier ones have ended, and
 * answers with the milliseconds of each from when it was due: whoever falls behind pays for it.
 */
export async function offer(
  { perSecond, forMs }: Offer,
  operate: (index: number) => Promise<void>,
): Promise<readonly number[]> {
  const count = Math.round((perSecond * forMs) / 1_000);
  const latenciesMs: number[] = [];
  const underway: Promise<void>[] = [];
  const start = performance.now();
  const dueAt = (index: number): number => start + (index * 1_000) / perSecond;
  const begin = async (index: number): Promise<void> => {
    await operate(index);
    latenciesMs.push(performance.now() - dueAt(index));
  };
  for (let next = 0; next < count; ) {
    for (; next < count && dueAt(next) <= performance.now(); next++) {
      const begun = begin(next);
      // It is awaited below; until then its failure waits, too.
      begun.catch(() => undefined);
      underway.push(begun);
    }
    await pause(1);
  }
  await Promise.all(underway);
  return latenciesMs;
}
