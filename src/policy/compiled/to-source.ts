import { InterlockError } from '../../lib/errors.ts';
import type { Code, Expression, Program } from './expression.ts';
import { isModest } from './is-modest.ts';
import type { Slots } from './shared-slots.ts';
import { SourceText } from './source-text.ts';
import { closureCode } from './to-closures.ts';

/**
 * Conditions as generated code: one function for all that differ in nothing but constants, so that a large set is little
 * code. What is too large for one function stays a closure; both ask the state for what is shared.
 */
export function toSource(conditions: readonly (Expression | undefined)[], slots: Slots): Program {
  const text = new SourceText(slots);
  const closure = closureCode(slots);
  const write = (expression: Expression, as: 'condition' | 'shared') =>
    isModest(expression, slots) ? text[as](expression) : closure(expression);
  const written = {
    conditions: conditions.map((condition) => (condition === undefined ? undefined : write(condition, 'condition'))),
    shared: [...slots.keys()].map((expression) => write(expression, 'shared')),
  };
  const functions = text.compile();
  const codeOf = (one: ReturnType<typeof write>): Code => {
    if ('run' in one) return one;
    const run = functions[one.index];
    if (run === undefined) throw new InterlockError('INTERNAL', 'a function was written, and not compiled');
    return { run, constants: one.constants };
  };
  return {
    conditions: written.conditions.map((one) => (one === undefined ? undefined : codeOf(one))),
    shared: written.shared.map(codeOf),
  };
}
