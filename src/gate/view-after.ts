import type { Action } from '../action/action.ts';
import { isMutating } from '../action/effect.ts';
import { InternedRefs, internedRef } from '../action/entity-ref.ts';
import type { ActivityView, WorkflowView } from '../action/view.ts';
import { overlay } from './overlay.ts';

interface Earlier {
  /** Parts of the same batch that run before. */
  readonly before: readonly Action[];
  /** What the answer of one of them may carry, as far as only the answer will tell. */
  readonly unseen: (action: Action) => readonly string[];
}

/**
 * The view as it would be once the batch were allowed and the parts `before` were under way: they count, and what they
 * expose to is exposed: by what they name, by what others wrote there, and by whatever their answers may say. Costs what the
 * parts and the labels of the workflow are, not its events.
 */
export function viewAfter(view: WorkflowView, batch: Action, earlier: Earlier): WorkflowView {
  const session = view.sessions.get(batch.principal.session);
  if (session === undefined) return view;
  const labels = earlier.before.flatMap((part) => [
    ...part.labels,
    ...(isMutating(part.effect) ? [] : view.carriedLabels(part.resources)),
    ...earlier.unseen(part),
  ]);
  const after = (activity: ActivityView) => activityAfter(activity, batch, { ...earlier, labels });
  const acting = overlay(session, { activity: after(session.activity) });
  return overlay(view, {
    activity: after(view.activity),
    sessions: new Map([...view.sessions, [session.id, acting]]),
  });
}

function activityAfter(
  activity: ActivityView,
  batch: Action,
  { before, labels }: Earlier & { readonly labels: readonly string[] },
): ActivityView {
  const counts = { ...activity.counts };
  for (const { effect } of before) counts[effect.kind] += effect.count;
  const done = [batch, ...before];
  return {
    actions: activity.actions + before.length,
    denied: activity.denied,
    counts,
    tokens: before.reduce((sum, { effect }) => sum + (effect.tokens ?? 0), activity.tokens),
    did: new InternedRefs([...activity.did, ...done.map(({ operation }) => internedRef('Action', operation))]),
    deniedOperations: activity.deniedOperations,
    systems: new InternedRefs([...activity.systems, internedRef('System', batch.system)]),
    labels: new InternedRefs([...activity.labels, ...labels.map((label) => internedRef('Label', label))]),
  };
}
