import type { SignalDeclaration } from '../../action/signal.ts';
import type { Json } from '../../lib/json.ts';

/**
 * One value for an action that correlates by several, as one on several records does: what holds for each of them, the
 * largest amount, all values of a set; what is shown, only where it is the same for all.
 */
export function combined({ kind }: SignalDeclaration, values: readonly (Json | undefined)[]): Json | undefined {
  const [first] = values;
  if (values.length < 2 || first === undefined) return first;
  switch (kind) {
    case 'formerly':
    case 'never':
    case 'previous':
    case 'since':
      return values.every((value) => value === true);
    case 'count':
    case 'sum':
    case 'distinct':
      if (Array.isArray(first)) return [...new Set(values.flat().filter((value) => value !== undefined))];
      return Math.max(...values.map(Number));
    case 'first':
    case 'last':
      return values.every((value) => value === first) ? first : undefined;
    default:
      return kind satisfies never;
  }
}
