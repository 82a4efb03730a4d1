import type { PolicySet } from '../action/policy-port.ts';
import type { ActionView, WorkflowView } from '../action/view.ts';
import { formatUnless } from '../policy/format-unless.ts';
import { exposurePaths } from './exposure-path.ts';
import type { Answer, Explanation } from './interlock.ts';

export interface ExplainParts {
  readonly answer: Answer;
  readonly action: ActionView;
  /** The view that the last decision saw. */
  readonly seen: WorkflowView;
  readonly policySet: PolicySet;
}

/** Why an action was decided as it was, with the policies that its reasons name and where they are written. */
export function explain({ answer, action, seen, policySet }: ExplainParts): Explanation {
  const session = seen.sessions.get(action.decided.session);
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
    seen: {
      version: seen.version,
      paths: exposurePaths(seen, action.decided.session),
      labels: [...(session?.activity.labels ?? [])].map(({ id }) => id),
    },
  };
}
