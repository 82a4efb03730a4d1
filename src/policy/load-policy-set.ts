import type { Catalog } from '../action/operation-descriptor.ts';
import type { PolicySet } from '../action/policy-port.ts';
import { digestOf } from '../lib/digest.ts';
import { InterlockError } from '../lib/errors.ts';
import { CedarEvaluator } from './cedar-wasm/cedar-evaluator.ts';
import { type CheckedPolicy, checkPolicies, type PolicyFile } from './check-policies.ts';

interface Source {
  readonly files: readonly PolicyFile[];
  readonly catalog: Catalog;
}

/**
 * One whole, checked policy set; an empty one permits nothing. Throws POLICY_INVALID with every problem in
 * `data.problems` (see PolicyProblem), and CONNECTOR_INVALID where the catalog has no schema.
 */
export async function loadPolicySet(source: Source): Promise<PolicySet> {
  const { schema, policies, problems } = await checkPolicies(source);
  const [first] = problems;
  if (first !== undefined) {
    const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
    throw new InterlockError('POLICY_INVALID', `${first.place}: ${first.problem}${more}`, { data: { problems } });
  }
  const texts = policies
    .map(({ description, statement }) => [description.id, statement.text] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    hash: digestOf({ schema: schema.hash, policies: texts }),
    policies: new Map(policies.map(({ description }) => [description.id, description])),
    evaluator: new CedarEvaluator(schema, {
      permits: textsOf(policies, 'permit'),
      forbids: textsOf(policies, 'forbid'),
    }),
  };
}

function textsOf(policies: readonly CheckedPolicy[], effect: 'permit' | 'forbid'): Record<string, string> {
  const some = policies.filter(({ description }) => description.effect === effect);
  return Object.fromEntries(some.map(({ description, statement }) => [description.id, statement.text]));
}
