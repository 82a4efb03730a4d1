import type { Action } from '../action/action.ts';
import { InternedRefs, internedRef } from '../action/entity-ref.ts';
import type { ActivityView, WorkflowView } from '../action/view.ts';
import { overlay } from './overlay.ts';

/**
 * The view as it would be once the batch were allowed and the parts `before` were under way: they count, and what they
 * expose to is exposed. Costs what the parts and the labels of the workflow are, not its events.
 */
export function viewAfter(view: WorkflowView, batch: Action, before: readonly Action[]): WorkflowView {
  const session = view.sessions.get(batch.principal.session);
  if (session === undefined) return view;
  const acting = overlay(session, { activity: activityAfter(session.activity, batch, before) });
  return overlay(view, {
    activity: activityAfter(view.activity, batch, before),
    sessions: new Map([...view.sessions, [session.id, acting]]),
  });
}

function activityAfter(activity: ActivityView, batch: Action, before: readonly Action[]): ActivityView {
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
    labels: new InternedRefs([
      ...activity.labels,
      ...before.flatMap(({ labels }) => labels.map((label) => internedRef('Label', label))),
    ]),
  };
}
