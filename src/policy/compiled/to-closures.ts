import type { PolicyValue } from '../../action/policy-port.ts';
import { attribute, hasAttribute } from './entity-operators.ts';
import type { EvaluationState } from './evaluation-state.ts';
import type { Code, CodeMaker, Expression, Operation, Variable } from './expression.ts';
import { asBoolean } from './operators.ts';
import type { Slots } from './shared-slots.ts';
import type { Constants, Value } from './value.ts';
import { valuesEqual } from './values-equal.ts';

type Evaluate = (state: EvaluationState) => Value;
type Make = (part: Expression) => Evaluate;

const NO_CONSTANTS: Constants = [];

/** Expressions as functions that call each other, one for each. For where no code may be generated. */
export function toClosures(slots: Slots): CodeMaker {
  const codeOf = closureCode(slots);
  return { condition: codeOf, shared: codeOf };
}

/** Makes the code of expressions, and the function of each of their parts once. A shared one asks the state for its value. */
export function closureCode(slots: Slots): (expression: Expression) => Code {
  const made = new Map<Expression, Evaluate>();
  const make: Make = (expression) => {
    const known = made.get(expression);
    if (known !== undefined) return known;
    const slot = slots.get(expression);
    const closure: Evaluate =
      slot === undefined ? closureOf(expression, make) : (state) => state.memo[slot] ?? state.shared(slot);
    made.set(expression, closure);
    return closure;
  };
  return (expression) => ({ run: closureOf(expression, make), constants: NO_CONSTANTS });
}

function closureOf(expression: Expression, make: Make): Evaluate {
  switch (expression.op) {
    case 'constant': {
      const { value } = expression;
      return () => value;
    }
    case 'variable':
      return variable(expression.name);
    case 'attribute':
    case 'has':
      return field(expression.op, make(expression.parts[0]), expression.name);
    case 'operation':
      return operation(expression.run, expression.parts.map(make));
    case 'equals': {
      const [left, right] = [make(expression.parts[0]), make(expression.parts[1])];
      return (state) => valuesEqual(policyValue(left(state)), policyValue(right(state)));
    }
    case 'not': {
      const test = toTest(expression.parts[0], make);
      return (state) => !test(state);
    }
    case 'if': {
      const [condition, then, otherwise] = expression.parts;
      const [test, yes, no] = [toTest(condition, make), make(then), make(otherwise)];
      return (state) => (test(state) ? yes(state) : no(state));
    }
    case 'and':
    case 'or':
      return logic(
        expression.op,
        expression.parts.map((part) => toTest(part, make)),
      );
    default:
      return expression satisfies never;
  }
}

function variable(name: Variable): Evaluate {
  switch (name) {
    case 'principal':
      return (state) => state.principal;
    case 'action':
      return (state) => state.action;
    case 'resource':
      return (state) => state.resource;
    case 'context':
      return (state) => state.context;
    default:
      return name satisfies never;
  }
}

function field(op: 'attribute' | 'has', of: Evaluate, name: string): Evaluate {
  const read = op === 'attribute' ? attribute : hasAttribute;
  return (state) => read(state, policyValue(of(state)), name);
}

/** Only operators on sets are given prepared sets, which are no values of policies: lowering sees to that. */
function policyValue(value: Value): PolicyValue {
  return value as PolicyValue;
}

function operation(run: Operation, parts: readonly Evaluate[]): Evaluate {
  // Lowering gives each operation as many values, and of the kind, that it declares.
  const call = run as (state: EvaluationState, ...values: readonly Value[]) => Value;
  const [first, second] = parts;
  if (parts.length === 1 && first !== undefined) return (state) => call(state, first(state));
  if (parts.length === 2 && first !== undefined && second !== undefined)
    return (state) => call(state, first(state), second(state));
  return (state) => call(state, ...parts.map((part) => part(state)));
}

function logic(op: 'and' | 'or', tests: readonly ((state: EvaluationState) => boolean)[]): Evaluate {
  const decisive = op === 'or';
  const [first, second] = tests;
  if (tests.length === 2 && first !== undefined && second !== undefined)
    return decisive ? (state) => first(state) || second(state) : (state) => first(state) && second(state);
  return (state) => {
    for (const test of tests) if (test(state) === decisive) return decisive;
    return !decisive;
  };
}

function toTest(expression: Expression, make: Make): (state: EvaluationState) => boolean {
  const evaluate = make(expression);
  return (state) => asBoolean(evaluate(state));
}
