import type { WorkflowView } from '../action/view.ts';

/** What the views in memory hold together, for /metrics. */
export interface ViewsInMemory {
  readonly views: number;
  readonly characters: number;
  /** Held actions, and questions to humans that are open. */
  readonly held: number;
  readonly approvals: number;
}

export function viewsInMemory(views: readonly WorkflowView[], characters: number): ViewsInMemory {
  const held = views.filter((view) => view.held > 0);
  return {
    views: views.length,
    characters,
    held: held.reduce((sum, view) => sum + view.held, 0),
    approvals: held.reduce((sum, view) => sum + openApprovals(view), 0),
  };
}

/** A question whose action is no longer held is nobody's to answer. */
function openApprovals({ approvals, actions }: WorkflowView): number {
  return [...approvals.values()].filter(
    ({ state, action }) => state === 'pending' && actions.get(action)?.state === 'held',
  ).length;
}
