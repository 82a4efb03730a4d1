import type { Expression } from './expression.ts';

/** The slot of each expression that is worth remembering during a decision, numbered from 0. */
export type Slots = ReadonlyMap<Expression, number>;

/** Expressions that the conditions use in more than one place, unless evaluating them again costs no more than remembering. */
export function sharedSlots(conditions: readonly Expression[]): Slots {
  const uses = new Map<Expression, number>();
  const open = [...conditions];
  for (let expression = open.pop(); expression !== undefined; expression = open.pop()) {
    const known = uses.get(expression) ?? 0;
    uses.set(expression, known + 1);
    // What is not remembered itself evaluates its parts wherever it is used.
    if ((known === 0 || !isWorthIt(expression)) && 'parts' in expression)
      for (const part of expression.parts) open.push(part);
  }
  const slots = new Map<Expression, number>();
  for (const [expression, count] of uses) {
    if (count > 1 && isWorthIt(expression)) slots.set(expression, slots.size);
  }
  return slots;
}

function isWorthIt(expression: Expression): boolean {
  if (expression.op === 'constant' || expression.op === 'variable' || expression.op === 'not') return false;
  return expression.op !== 'equals' || !expression.parts.some(isPrimitive);
}

/** Equal to it is only what is identical. */
export function isPrimitive(expression: Expression): boolean {
  return expression.op === 'constant' && typeof expression.value !== 'object';
}
