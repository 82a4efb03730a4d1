import type { PolicyValue } from '../../action/policy-port.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import { canonicalKey } from './canonical-key.ts';
import type { Expression, Operation, Variable } from './expression.ts';
import { boundedDepth, invalidPolicy } from './invalid-policy.ts';
import type { LikePattern } from './like-pattern.ts';
import type { Members } from './members.ts';

type Parts = readonly Expression[];
/** One kind of expression without what its table adds. */
type Unplaced<E> = E extends unknown ? Omit<E, 'id' | 'depth'> : never;

/** The expressions of one policy set. Equal ones are one object, so that what policies share is evaluated once a decision. */
export class ExpressionTable {
  readonly #byKey = new Map<string, Expression>();

  constant(value: PolicyValue): Expression {
    const isBoolean = typeof value === 'boolean';
    return this.#shared(`c${canonicalKey(value)}`, [], () => ({ op: 'constant', value, isBoolean }));
  }

  /** What an operator is prepared with: not a value of policies. `key` tells it from all others. */
  prepared(value: Members | LikePattern, key: string): Expression {
    return this.#shared(`p${key}`, [], () => ({ op: 'constant', value, isBoolean: false }));
  }

  variable(name: Variable): Expression {
    return this.#shared(`v${name}`, [], () => ({ op: 'variable', name, isBoolean: false }));
  }

  /** `&&` or `||` of any number of parts. */
  chain(op: 'and' | 'or', parts: Parts): Expression {
    return this.#shared(keyOf(op, parts), parts, () => ({ op, parts, isBoolean: true }));
  }

  not(part: Expression): Expression {
    return this.#shared(keyOf('not', [part]), [part], () => ({ op: 'not', parts: [part], isBoolean: true }));
  }

  choice(condition: Expression, then: Expression, otherwise: Expression): Expression {
    const parts = [condition, then, otherwise] as const;
    const isBoolean = then.isBoolean && otherwise.isBoolean;
    return this.#shared(keyOf('if', parts), parts, () => ({ op: 'if', parts, isBoolean }));
  }

  equals(left: Expression, right: Expression): Expression {
    const parts = [left, right] as const;
    return this.#shared(keyOf('==', parts), parts, () => ({ op: 'equals', parts, isBoolean: true }));
  }

  attribute(op: 'attribute' | 'has', of: Expression, name: string): Expression {
    const key = `${keyOf(op, [of])}${name}`;
    return this.#shared(key, [of], () => ({ op, parts: [of], name, isBoolean: op === 'has' }));
  }

  /** `name` tells apart whatever runs differently. */
  operation(
    operation: { readonly name: string; readonly run: Operation; readonly isBoolean: boolean },
    parts: Parts,
  ): Expression {
    const { name, run, isBoolean } = operation;
    if (parts.length > BOUNDS.policyArguments)
      throw invalidPolicy(`more than ${BOUNDS.policyArguments} computed elements in one set or record`);
    return this.#shared(`${keyOf('o', parts)}${name}`, parts, () => ({ op: 'operation', parts, run, isBoolean }));
  }

  #shared(key: string, parts: Parts, make: () => Unplaced<Expression>): Expression {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const depth = parts.reduce((most, part) => Math.max(most, part.depth), 0) + 1;
    boundedDepth(depth);
    const expression: Expression = { ...make(), id: this.#byKey.size, depth };
    this.#byKey.set(key, expression);
    return expression;
  }
}

function keyOf(op: string, parts: Parts): string {
  return `${op}(${parts.map((part) => part.id).join()})`;
}
