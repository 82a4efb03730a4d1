import { expect, test } from 'vitest';
import { fuzz, sharesOf } from './fuzz.ts';

/** Every run of the suite asks the same; `npm run fuzz` asks something else every time. */
const SEED = 1;
const OUTCOMES = 1_000_000;

test('compiled policies and Cedar agree on a million outcomes, one by one', { timeout: 900_000 }, () => {
  const { seed, rounds, tally, disagreements } = fuzz({ seed: SEED, outcomes: OUTCOMES });
  const shares = sharesOf(tally);
  console.log(`seeds ${seed} to ${seed + rounds - 1}: ${JSON.stringify({ tally, shares })}`);
  expect(disagreements).toEqual([]);
  // Otherwise little was asked.
  expect(tally.outcomes).toBeGreaterThanOrEqual(OUTCOMES);
  expect(shares.errorFree).toBeGreaterThan(50);
  expect(shares.allowed).toBeGreaterThan(20);
  expect(shares.denied).toBeGreaterThan(20);
  expect(shares.satisfied).toBeGreaterThan(10);
  expect(tally.linked).toBeGreaterThan(100);
});
