import { expect, test } from 'vitest';
import { offer } from '../../bench/load/offer.ts';

test('operations begin by the clock: one that never waits for another holds none up', async () => {
  const first = Promise.withResolvers<void>();
  const begun: number[] = [];
  const { latenciesMs: latencies, saturated } = await offer({ perSecond: 1_000, forMs: 20 }, async (index) => {
    begun.push(index);
    if (index === 19) first.resolve();
    // The first one ends only after the last has begun.
    if (index === 0) await first.promise;
  });
  expect(begun).toEqual(Array.from({ length: 20 }, (_, index) => index));
  expect(latencies.length).toBe(20);
  expect(saturated).toBe(false);
  expect(Math.min(...latencies)).toBeGreaterThanOrEqual(0);
});

test('no more are begun when a thousand are underway, and those are awaited', async () => {
  const released = Promise.withResolvers<void>();
  let begun = 0;
  const { latenciesMs, lateMs, saturated } = await offer({ perSecond: 1_000_000, forMs: 2 }, async () => {
    if (++begun === 1_000) released.resolve();
    await released.promise;
  });
  expect(saturated).toBe(true);
  expect([begun, latenciesMs.length, lateMs.length]).toEqual([1_000, 1_000, 1_000]);
});

test('one that fails fails the whole', async () => {
  const failing = offer({ perSecond: 1_000, forMs: 2 }, () => Promise.reject(new Error('refused')));
  await expect(failing).rejects.toThrow('refused');
});
