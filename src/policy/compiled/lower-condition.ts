import type { Clause } from '@cedar-policy/cedar-wasm/nodejs';
import type { Expression } from './expression.ts';
import type { ExpressionTable } from './expression-table.ts';
import { invalidPolicy } from './invalid-policy.ts';
import { lowerExpression } from './lower-expression.ts';

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
