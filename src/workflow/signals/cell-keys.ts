import type { SignalCorrelation, SignalScope } from '../../action/signal.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import { fieldValues } from './field-values.ts';
import type { Occurrence, Scalar } from './occurrence.ts';

/** Whose past it is; that of a workflow, and of a tenant, is kept apart anyway. */
export function scopeValue(scope: SignalScope, { agent, user }: Occurrence): string {
  if (scope === 'agent') return agent;
  return scope === 'user' ? user : '';
}

/**
 * The values by which an action is correlated, one list for each combination, as keys; none where one is absent.
 * Undefined where there are too many.
 */
export function correlationKeys(
  prefix: string,
  correlations: readonly SignalCorrelation[],
  { occurrence, side }: { readonly occurrence: Occurrence; readonly side: 'event' | 'present' },
): readonly string[] | undefined {
  if (correlations.length === 0) return [prefix];
  let combinations: readonly (readonly Scalar[])[] = [[prefix]];
  for (const correlation of correlations) {
    const values = new Set(fieldValues(occurrence, correlation[side]));
    if (combinations.length * values.size > BOUNDS.signalCombinations) return undefined;
    combinations = combinations.flatMap((before) => [...values].map((value) => [...before, value]));
  }
  return combinations.map((combination) => JSON.stringify(combination));
}
