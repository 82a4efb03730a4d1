import type { PolicySet } from '../action/policy-port.ts';
import type { WorkflowView } from '../action/view.ts';
import { InterlockError } from '../lib/errors.ts';
import { formatUnless } from '../policy/format-unless.ts';
import type { Answer, Explanation } from './interlock.ts';

/** Why an action was decided as it was, with the policies that its reasons name and where they are written. */
export function explain(answer: Answer, view: WorkflowView, policySet: PolicySet): Explanation {
  const action = view.actions.get(answer.id);
  if (action === undefined) throw new InterlockError('NOT_FOUND', 'there is no such action in this workflow');
  const session = view.sessions.get(action.decided.session);
  return {
    answer,
    action,
    policies: action.decided.reasons.flatMap(({ policy }) => {
      const known = policySet.policies.get(policy);
      return known === undefined
        ? []
        : [
            {
              id: known.id,
              effect: known.effect,
              title: known.title,
              unless: formatUnless(known.unless),
              place: known.place,
            },
          ];
    }),
    seen: { version: action.decided.seen, labels: [...(session?.activity.labels ?? [])].map(({ id }) => id) },
  };
}
