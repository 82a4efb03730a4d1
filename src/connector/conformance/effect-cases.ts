import type { ConformanceFixtures, EffectCase, Judge } from './fixtures.ts';

/** An input whose effect the fixtures show. */
export type ShownCase = Omit<EffectCase, 'effect'> & { readonly effect: EffectCase['effect'] | undefined };

/** The samples, and the cases that are not run. */
export function effectCasesOf({ samples, effectCases = [] }: ConformanceFixtures): readonly ShownCase[] {
  return [...samples.map(({ operation, input, effect, when }) => ({ operation, input, effect, when })), ...effectCases];
}

/** Who judges an operation besides its simulated system; `none` is said, never left out. */
export function judgesOf({ judgedBy = {} }: ConformanceFixtures, operation: string): readonly Judge[] {
  const judges = judgedBy[operation] ?? judgedBy['*'] ?? 'none';
  return typeof judges === 'string' ? [judges] : judges.length === 0 ? ['none'] : judges;
}
