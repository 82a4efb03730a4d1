import type { EvaluationState } from './evaluation-state.ts';
import type { Runnable, Value } from './value.ts';

/** An operator at run time, on values that were evaluated before it. Throws EvaluationError. */
export type Operation = (state: EvaluationState, ...values: never[]) => Value;

export type Variable = 'principal' | 'action' | 'resource' | 'context';

export type Code = Runnable<EvaluationState>;

/** Makes the code of expressions, one at a time. */
export interface CodeMaker {
  /** Of the condition of a policy, which may itself be shared. */
  readonly condition: (expression: Expression) => Code;
  /** Of what is shared, for when it is first asked for. */
  readonly shared: (expression: Expression) => Code;
}

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
