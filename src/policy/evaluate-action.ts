import type { PolicyEvaluation, PolicyRequest } from '../action/policy-port.ts';
import { buildPolicyRequest, type PolicyQuestion } from './build-request.ts';

/**
 * The policies' word on an action. Its first resource is Cedar's `resource`, and must be permitted; of all the others,
 * whatever forbids or fails for any of them counts as well.
 */
export function evaluateAction(
  question: PolicyQuestion,
  evaluate: (request: PolicyRequest) => PolicyEvaluation,
): PolicyEvaluation {
  const first = evaluate(buildPolicyRequest(question));
  const { resources } = question.action;
  if (resources.length === 1) return first;
  const all = [first, ...resources.slice(1).map((resource) => evaluate(buildPolicyRequest({ ...question, resource })))];
  const errors = new Map(all.flatMap((each) => each.errors.map((error) => [error.policy, error] as const)));
  return {
    permits: first.permits,
    forbids: [...new Set(all.flatMap(({ forbids }) => forbids))].sort(),
    errors: [...errors.values()].sort((a, b) => (a.policy < b.policy ? -1 : 1)),
  };
}
