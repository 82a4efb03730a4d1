import type { Action } from '../action/action.ts';
import type { PolicyRequest, PolicySet } from '../action/policy-port.ts';
import type { SignalValues } from '../action/signal.ts';
import type { ActionView, FreezesView, WorkflowView } from '../action/view.ts';
import type { Registry } from '../connector/registry.ts';
import { InterlockError } from '../lib/errors.ts';
import { formatUnless } from '../policy/format-unless.ts';
import { readValues } from '../policy/read-values.ts';
import { alternatives } from './alternatives.ts';
import type { Answer, Explanation } from './answers.ts';
import { exposurePaths } from './exposure-path.ts';
import { type ProposeParts, principalIn } from './propose.ts';
import { unseenLabels } from './unseen-labels.ts';

export interface ExplainParts {
  readonly answer: Answer;
  readonly action: ActionView;
  /** The view that the last decision saw, and what was frozen in the tenant. */
  readonly seen: WorkflowView;
  readonly freezes: FreezesView;
  readonly policySet: PolicySet;
  readonly registry: Registry;
  readonly evaluate: ProposeParts['evaluate'];
  readonly request: RequestFor;
}

/** What policies are asked about an action. */
export type RequestFor = (action: Action, view: WorkflowView, now: number, signals?: SignalValues) => PolicyRequest;

/** Why an action was decided as it was: the policies that its reasons name, what they looked at, and what else would have been allowed. */
export function explain(parts: ExplainParts): Explanation {
  const { answer, action, seen, policySet } = parts;
  const { decided } = action;
  const session = seen.sessions.get(decided.session);
  const known = decided.reasons.flatMap(({ policy }) => policySet.policies.get(policy) ?? []);
  const again = normalisedAgain(parts);
  const paths = known.flatMap(({ id }) => policySet.reads?.(id) ?? []);
  return {
    answer,
    action,
    policies: known.map(({ id, effect, title, unless, place }) => ({
      id,
      effect,
      title,
      unless: formatUnless(unless),
      place,
    })),
    seen: {
      version: seen.version,
      paths: exposurePaths(seen, decided.session),
      labels: [...(session?.activity.labels ?? [])].map(({ id }) => id),
      values:
        again === undefined
          ? []
          : readValues(parts.request(again, seen, action.decidedAt, decided.signals?.at(-1)), paths),
    },
    alternatives: again === undefined || decided.decision !== 'deny' ? [] : alternativesTo(parts, again),
  };
}

/** The action as it was asked for; undefined where its connector does not take it any more. */
function normalisedAgain({ action: { id, decided }, seen, registry }: ExplainParts): Action | undefined {
  try {
    const call = { operation: decided.operation, input: decided.requested };
    return registry.normalise({ call, id, mode: decided.mode, principal: principalIn(seen, decided) });
  } catch (thrown) {
    if (thrown instanceof InterlockError) return undefined;
    throw thrown;
  }
}

function alternativesTo({ seen, freezes, policySet, registry, evaluate, action }: ExplainParts, asked: Action) {
  const now = action.decidedAt;
  // What its parts read of the past is recorded with them.
  const recordedFor = ({ id }: Action) => (id === action.id ? action : seen.actions.get(id))?.decided.signals?.at(-1);
  return alternatives({
    action: asked,
    view: seen,
    freezes,
    now,
    policySet,
    facts: registry.catalog.facts,
    evaluate: (candidate, view) => evaluate(policySet, candidate, view, now, recordedFor(candidate)),
    unseen: (candidate) => unseenLabels(registry, candidate, seen),
    withInput: (candidate, input) => registry.withInput(candidate, input),
  });
}
