import type { Clause, Expr } from '@cedar-policy/cedar-wasm/nodejs';
import type { Cedar } from '../../../src/policy/cedar-wasm/fresh-cedar.ts';
import type { FuzzPolicy } from './fuzz-policies.ts';
import { compileRound, type Disagreement, requestOf, sameOutcomes } from './fuzz-round.ts';
import { compiledOutcomes, Oracle, type Outcomes } from './outcomes.ts';

export interface SmallCase {
  readonly policies: readonly FuzzPolicy[];
  readonly compiled: Outcomes;
  readonly reference: Outcomes;
}

/**
 * The same disagreement with as few policies as show it, and as little in them. Undefined where the request alone does not
 * show it: then it is about what earlier ones have left.
 */
export function shrink(cedar: Cedar, { round, request, form }: Disagreement): SmallCase | undefined {
  const outcomesOf = (policies: readonly FuzzPolicy[]): SmallCase | undefined => {
    try {
      const reference = new Oracle(cedar, round.world, policies).outcomes(request);
      const small = { ...round, policies };
      const compiled = compiledOutcomes(compileRound(small, form), requestOf(small, request));
      return sameOutcomes(compiled, reference) ? undefined : { policies, compiled, reference };
    } catch {
      // What is left makes no policy any more.
      return undefined;
    }
  };
  if (outcomesOf(round.policies) === undefined) return undefined;
  let policies = withFewer(round.policies, (some) => outcomesOf(some) !== undefined);
  for (let smaller = simpler(policies, outcomesOf); smaller !== undefined; smaller = simpler(policies, outcomesOf))
    policies = smaller;
  return outcomesOf(policies);
}

/** Leaves out halves, then quarters, and so on, while it still happens. */
function withFewer(policies: readonly FuzzPolicy[], happens: (policies: readonly FuzzPolicy[]) => boolean) {
  let kept = policies;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length; ) {
      const fewer = kept.toSpliced(at, size);
      if (fewer.length > 0 && happens(fewer)) kept = fewer;
      else at += size;
    }
  }
  return kept;
}

function simpler(
  policies: readonly FuzzPolicy[],
  outcomesOf: (policies: readonly FuzzPolicy[]) => SmallCase | undefined,
): readonly FuzzPolicy[] | undefined {
  for (const [at, policy] of policies.entries()) {
    for (const candidate of simplerPolicies(policy)) {
      const changed = policies.with(at, candidate);
      if (outcomesOf(changed) !== undefined) return changed;
    }
  }
  return undefined;
}

function* simplerPolicies(policy: FuzzPolicy): Generator<FuzzPolicy> {
  const { json, slots } = policy;
  const all = { op: 'All' } as const;
  for (const part of ['principal', 'resource', 'action'] as const) {
    if (json[part].op === 'All') continue;
    const { [`?${part}` as '?principal']: _slot, ...others } = slots;
    yield { ...policy, json: { ...json, [part]: all }, slots: others };
  }
  for (const [at, clause] of json.conditions.entries()) {
    yield { ...policy, json: { ...json, conditions: json.conditions.toSpliced(at, 1) } };
    for (const body of simplerExpressions(clause.body)) {
      const simpler: Clause = { ...clause, body };
      yield { ...policy, json: { ...json, conditions: json.conditions.with(at, simpler) } };
    }
  }
}

/** First its parts in its place, then itself with a simpler part. */
function* simplerExpressions(expression: Expr): Generator<Expr> {
  const [operator = '', operand] = Object.entries(expression)[0] ?? [];
  if (operator === 'Value' || operator === 'Var') return;
  const parts = Object.entries(operand as object).filter(([, part]) => isExpression(part)) as [string, Expr][]; // just looked at
  for (const [, part] of parts) yield part;
  for (const [name, part] of parts) {
    for (const simpler of simplerExpressions(part)) {
      const changed: unknown = Array.isArray(operand)
        ? operand.with(Number(name), simpler)
        : Object.fromEntries(
            Object.entries(operand as object).map(([key, value]) => [key, key === name ? simpler : value]),
          );
      yield { [operator]: changed } as Expr; // as it was, but for a part
    }
  }
  if (operator === 'Set' || operator === 'Record') for (const [name] of parts) yield without(operator, operand, name);
}

function without(operator: string, operand: unknown, name: string): Expr {
  const rest: unknown = Array.isArray(operand)
    ? operand.toSpliced(Number(name), 1)
    : Object.fromEntries(Object.entries(operand as object).filter(([key]) => key !== name));
  return { [operator]: rest } as Expr; // as it was, but for a part
}

function isExpression(part: unknown): boolean {
  return typeof part === 'object' && part !== null && !Array.isArray(part) && Object.keys(part).length === 1;
}
