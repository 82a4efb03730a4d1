import type { PolicyValue } from '../../action/policy-port.ts';
import type { EvaluationState } from './evaluation-state.ts';
import type { Members } from './members.ts';

/** What an expression can evaluate to. `Members` never leaves the operators on sets. */
export type Value = PolicyValue | Members;

/** An operator at run time, on values that were evaluated before it. Throws EvaluationError. */
export type Operation = (state: EvaluationState, ...values: never[]) => Value;

export type Variable = 'principal' | 'action' | 'resource' | 'context';

/** One condition, or a part of it, ready to run. Throws EvaluationError. */
export type Evaluate = (state: EvaluationState) => Value;

interface Shared {
  /** Unique in its table; equal expressions are one object. */
  readonly id: number;
  /** It has a Boolean or an error as its result, nothing else. */
  readonly isBoolean: boolean;
  /** Levels of expressions inside it. */
  readonly depth: number;
}

/** An expression of Cedar, without sugar, all of whose parts are shared. `and` and `or` take any number of parts. */
export type Expression = Shared &
  (
    | { readonly op: 'constant'; readonly value: Value }
    | { readonly op: 'variable'; readonly name: Variable }
    | { readonly op: 'and' | 'or'; readonly parts: readonly Expression[] }
    | { readonly op: 'not'; readonly parts: readonly [Expression] }
    | { readonly op: 'if'; readonly parts: readonly [Expression, Expression, Expression] }
    | { readonly op: 'equals'; readonly parts: readonly [Expression, Expression] }
    | { readonly op: 'attribute' | 'has'; readonly parts: readonly [Expression]; readonly name: string }
    | { readonly op: 'operation'; readonly parts: readonly Expression[]; readonly run: Operation }
  );
