import type { Code, CodeMaker, Expression } from './expression.ts';
import { isModest } from './is-modest.ts';
import type { Slots } from './shared-slots.ts';
import { SourceText } from './source-text.ts';
import { closureCode } from './to-closures.ts';

/**
 * Expressions as generated code: one function for all that differ in nothing but constants, so that a large set is little
 * code. What is too large for one function stays a closure; both ask the state for what is shared.
 */
export function toSource(slots: Slots): CodeMaker {
  const text = new SourceText(slots);
  const closure = closureCode(slots);
  const makeAs =
    (as: 'condition' | 'shared') =>
    (expression: Expression): Code =>
      isModest(expression, slots) ? text[as](expression) : closure(expression);
  return { condition: makeAs('condition'), shared: makeAs('shared') };
}
