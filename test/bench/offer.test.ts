import { expect, test } from 'vitest';
import { offer } from '../../bench/open-loop/offer.ts';

test('operations begin by the clock: one that never waits for another holds none up', async () => {
  const first = Promise.withResolvers<void>();
  const begun: number[] = [];
  const latencies = await offer({ perSecond: 1_000, forMs: 20 }, async (index) => {
    begun.push(index);
    if (index === 19) first.resolve();
    // The first one ends only after the last has begun.
    if (index === 0) await first.promise;
  });
  expect(begun).toEqual(Array.from({ length: 20 }, (_, index) => index));
  expect(latencies.length).toBe(20);
  expect(Math.min(...latencies)).toBeGreaterThanOrEqual(0);
});

test('one that fails fails the whole', async () => {
  const failing = offer({ perSecond: 1_000, forMs: 2 }, () => Promise.reject(new Error('refused')));
  await expect(failing).rejects.toThrow('refused');
});
