/**
 * `npm run fuzz -- [--outcomes N] [--seed N]`: differential fuzzing of compiled policies against Cedar's own package. The
 * seed of a round that is reported makes that round again.
 */
import { parseArgs } from 'node:util';
import { fuzz, sharesOf } from './fuzz.ts';

/** Between two signs of life. */
const PROGRESS_MS = 30_000;

const { values } = parseArgs({
  options: {
    outcomes: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
});
const seed = Number(values.seed);
const outcomes = Number(values.outcomes);
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(outcomes))
  throw new Error('--seed and --outcomes are integers');

console.log(`Seeds from ${seed}`);
let toldAt = Date.now();
const { rounds, tally, disagreements } = fuzz({
  seed,
  outcomes,
  onRound: (so) => {
    if (Date.now() - toldAt < PROGRESS_MS) return;
    toldAt = Date.now();
    console.log(`${so.outcomes} outcomes`);
  },
});
for (const text of disagreements) console.log(`\n${text}`);
const shares = sharesOf(tally);
console.log(`
Seeds ${seed} to ${seed + rounds - 1}: ${tally.outcomes} outcomes of ${tally.policies} policies (${tally.linked} of them linked templates), in ${rounds} sets
free of errors ${shares.errorFree} %, satisfied ${shares.satisfied} %; of ${tally.requests} requests ${shares.allowed} % allowed, ${shares.denied} % denied
each evaluated as generated code and as closures: ${disagreements.length === 0 ? 'no difference' : 'see above what differs or broke off'}`);
process.exitCode = disagreements.length === 0 ? 0 : 1;
