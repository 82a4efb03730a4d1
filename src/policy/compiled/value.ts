import type { PolicyValue } from '../../action/policy-port.ts';
import type { LikePattern } from './like-pattern.ts';
import type { Members } from './members.ts';

/** What an expression can evaluate to. Prepared sets and patterns never leave the operators that ask for them. */
export type Value = PolicyValue | Members | LikePattern;

export type Constants = readonly Value[];

/**
 * An expression, ready to run on a state. Expressions that differ in nothing but constants have one function in common,
 * which is called with theirs. Throws EvaluationError.
 */
export interface Runnable<State> {
  readonly run: (state: State, constants: Constants) => Value;
  readonly constants: Constants;
}
