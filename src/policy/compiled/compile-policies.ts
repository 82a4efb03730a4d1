import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { PolicyEvaluator } from '../../action/policy-port.ts';
import { canGenerateCode } from './can-generate-code.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { DescribeAction } from './evaluation-state.ts';
import { ExpressionTable } from './expression-table.ts';
import { lowerPolicy } from './lower-policy.ts';
import { PolicyIndex } from './policy-index.ts';
import type { Slots } from './policy-scope.ts';
import { SetEvaluator } from './set-evaluator.ts';
import { sharedSlots } from './shared-slots.ts';
import { toClosures } from './to-closures.ts';
import { toSource } from './to-source.ts';

/** One policy in Cedar's JSON format, its integers beyond 2^53 as `bigint`. */
export interface CompilablePolicy {
  readonly id: string;
  readonly json: PolicyJson;
  /** For a template: what it is linked with. */
  readonly slots?: Slots;
}

export interface CompiledSource {
  readonly policies: readonly CompilablePolicy[];
  /** What the schema says of an action: its groups, closed or not. Asked where the request itself knows nothing of it. */
  readonly action?: DescribeAction;
}

export interface CompiledPolicies extends PolicyEvaluator {
  /** How conditions run: as generated code, or as functions that call each other. */
  readonly form: 'source' | 'closures';
}

interface Options {
  /** By default source, where the process may generate code. */
  readonly form?: 'source' | 'closures';
}

/**
 * Policies as functions, found by their scope. Throws POLICY_INVALID for whatever Cedar does not have, and past
 * BOUNDS.policyDepth and BOUNDS.policyArguments.
 */
export function compilePolicies(
  { policies, action = () => undefined }: CompiledSource,
  options: Options = {},
): CompiledPolicies {
  const form = options.form ?? (canGenerateCode() ? 'source' : 'closures');
  const table = new ExpressionTable();
  const ordered = policies.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const lowered = ordered.map((policy) => lowerPolicy(table, policy));
  const conditions = lowered.map(({ condition }) => condition);
  const slots = sharedSlots(conditions.filter((condition) => condition !== undefined));
  const program = (form === 'source' ? toSource : toClosures)(conditions, slots);
  const compiled = lowered.map(
    (policy, rank): CompiledPolicy => ({ ...policy, rank, condition: program.conditions[rank] }),
  );
  const index = new PolicyIndex(compiled, action);
  return new SetEvaluator({ form, index, shared: program.shared, describeAction: action });
}
