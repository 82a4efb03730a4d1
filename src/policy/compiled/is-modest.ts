import type { Expression } from './expression.ts';
import type { Slots } from './shared-slots.ts';

/** What one generated function may hold: engines do not optimise very large ones, and read deep ones recursively. */
const MODEST = { expressions: 500, depth: 50 };

/** Whether all of an expression that is not evaluated elsewhere, because it is shared, makes a function of modest size. */
export function isModest(expression: Expression, slots: Slots): boolean {
  let left = MODEST.expressions;
  const fits = (part: Expression, depth: number): boolean => {
    if (left-- <= 0 || depth > MODEST.depth) return false;
    if (depth > 0 && slots.has(part)) return true;
    return !('parts' in part) || part.parts.every((inner) => fits(inner, depth + 1));
  };
  return fits(expression, 0);
}
