import type { ConformanceFixtures, EffectCase, Judge } from './fixtures.ts';

/** Every input whose effect the fixtures show: the samples, and the cases that are not run. */
export function effectCasesOf({ samples, effectCases = [] }: ConformanceFixtures): readonly (Omit<
  EffectCase,
  'effect'
> & {
  readonly effect: EffectCase['effect'] | undefined;
})[] {
  const sampled = samples.map(({ operation, input, effect, when }) => ({ operation, input, effect, when }));
  return [...sampled, ...effectCases];
}

/** Who judges an operation besides its simulated system; `none` is said, never left out. */
export function judgesOf({ judgedBy = {} }: ConformanceFixtures, operation: string): readonly Judge[] {
  const judges = judgedBy[operation] ?? judgedBy['*'] ?? 'none';
  return typeof judges === 'string' ? [judges] : judges.length === 0 ? ['none'] : judges;
}
