import { setImmediate } from 'node:timers/promises';
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { PolicyEvaluator } from '../../action/policy-port.ts';
import { canGenerateCode } from './can-generate-code.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { DeferredCode } from './deferred-code.ts';
import type { DescribeAction } from './evaluation-state.ts';
import { ExpressionTable } from './expression-table.ts';
import { type LoweredPolicy, lowerPolicy } from './lower-policy.ts';
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
  /** Policies whose condition some decision has asked for; of all others there is no code yet. */
  readonly policiesRun: () => number;
}

interface Options {
  /** By default source, where the process may generate code. */
  readonly form?: 'source' | 'closures';
}

/**
 * Policies as functions, found by their scope. All that can be wrong with them is found here; the function of a condition
 * is made when a decision first asks for it, so that a start with many policies is not held up by them. Throws
 * POLICY_INVALID for whatever Cedar does not have, and past BOUNDS.policyDepth and BOUNDS.policyArguments.
 */
export function compilePolicies(source: CompiledSource, options: Options = {}): CompiledPolicies {
  const table = new ExpressionTable();
  return assemble(
    source,
    inOrder(source).map((policy) => lowerPolicy(table, policy)),
    options,
  );
}

/** Policies lowered before others have their turn: a few milliseconds. */
const LOWERED_AT_ONCE = 200;

/** The same, while decisions go on. Rejects with what `compilePolicies` throws. */
export async function compileMeanwhile(source: CompiledSource): Promise<CompiledPolicies> {
  const table = new ExpressionTable();
  const lowered: LoweredPolicy[] = [];
  for (const policy of inOrder(source)) {
    if (lowered.length % LOWERED_AT_ONCE === LOWERED_AT_ONCE - 1) await setImmediate();
    lowered.push(lowerPolicy(table, policy));
  }
  return assemble(source, lowered, {});
}

function inOrder({ policies }: CompiledSource): readonly CompilablePolicy[] {
  return policies.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function assemble(
  { action = () => undefined }: CompiledSource,
  lowered: readonly LoweredPolicy[],
  { form = canGenerateCode() ? 'source' : 'closures' }: Options,
): CompiledPolicies {
  const slots = sharedSlots(lowered.flatMap(({ condition }) => condition ?? []));
  const maker = (form === 'source' ? toSource : toClosures)(slots);
  const compiled = lowered.map(({ condition, ...policy }, rank): CompiledPolicy => {
    const code = condition && new DeferredCode(() => maker.condition(condition));
    return { ...policy, rank, condition: code };
  });
  const shared = [...slots.keys()].map((expression) => new DeferredCode(() => maker.shared(expression)));
  const index = new PolicyIndex(compiled, action);
  return new SetEvaluator({ form, index, shared, describeAction: action, policies: compiled });
}
