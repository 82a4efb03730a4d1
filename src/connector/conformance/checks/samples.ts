import type { Check } from '../check.ts';
import type { Subject } from '../subject.ts';

/** The simulated system's own audit says whether an operation did what it is for. */
export const samplesCheck: Check = {
  name: 'samples',
  rule: 'every operation is sampled, and does once what its sample says',
  needs: 'simulator',
  async run(subject) {
    const problems = [...unsampled(subject)];
    const samples = subject.samples('samples');
    for (const sample of samples) {
      const { result, effects } = await subject.trace(sample);
      if (result.status !== 'succeeded' && result.status !== 'accepted')
        problems.push(`${sample.operation}: ${JSON.stringify(result)}`);
      else if (JSON.stringify(effects) !== JSON.stringify(sample.effects))
        problems.push(
          `${sample.operation}: the audit shows ${JSON.stringify(effects)} instead of ${JSON.stringify(sample.effects)}`,
        );
    }
    return { cases: samples.length, problems };
  },
};

function unsampled({ operations, fixtures }: Subject): readonly string[] {
  const sampled = new Set(fixtures.samples.map(({ operation }) => operation));
  const known = new Set(operations.map(({ name }) => name));
  return [
    ...operations.filter(({ name }) => !sampled.has(name)).map(({ name }) => `${name}: has no sample`),
    ...[...sampled].filter((name) => !known.has(name)).map((name) => `${name}: is sampled and does not exist`),
  ];
}
