import type { ConformanceFixtures, EffectCase } from './fixtures.ts';

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
