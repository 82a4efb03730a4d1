import type { Clause, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { InterlockError } from '../../lib/errors.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { Expression } from './expression.ts';
import type { ExpressionTable } from './expression-table.ts';
import { invalidPolicy } from './invalid-policy.ts';
import { lowerExpression } from './lower-expression.ts';
import { actionScope, entityScope, type Slots } from './policy-scope.ts';

/** A policy whose condition is still an expression. */
export type LoweredPolicy = Omit<CompiledPolicy, 'rank' | 'condition'> & { readonly condition: Expression | undefined };

interface Source {
  readonly id: string;
  readonly json: PolicyJson;
  readonly slots?: Slots;
}

/** Throws POLICY_INVALID with the id of the policy. */
export function lowerPolicy(table: ExpressionTable, { id, json, slots }: Source): LoweredPolicy {
  try {
    if (json.effect !== 'permit' && json.effect !== 'forbid') throw invalidPolicy('a policy permits or forbids');
    return {
      id,
      effect: json.effect,
      principal: entityScope(json.principal, slots),
      action: actionScope(json.action),
      resource: entityScope(json.resource, slots),
      condition: lowerCondition(table, json.conditions),
    };
  } catch (cause) {
    // Whoever has another form than Cedar's JSON is found out by what breaks when it is read.
    const problem = cause instanceof InterlockError ? cause.message : 'this is not the JSON format of Cedar';
    throw new InterlockError('POLICY_INVALID', `policy ${JSON.stringify(id)}: ${problem}`, { cause });
  }
}

/** All `when` and `unless` of a policy as one condition; nothing where it has none. Throws POLICY_INVALID. */
export function lowerCondition(table: ExpressionTable, clauses: readonly Clause[]): Expression | undefined {
  const parts = clauses.map(({ kind, body }) => {
    if (kind !== 'when' && kind !== 'unless') throw invalidPolicy(`a clause is when or unless, not ${String(kind)}`);
    const condition = lowerExpression(table, body);
    return kind === 'when' ? condition : table.not(condition);
  });
  const terms = parts.flatMap((part) => (part.op === 'and' ? part.parts : [part]));
  return terms.length > 1 ? table.chain('and', terms) : terms[0];
}
