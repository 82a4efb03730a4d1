import type { WorkflowView } from '../action/view.ts';
import type { Operator } from './interlock.ts';

/**
 * Why somebody may not approve in this workflow, or undefined. Four eyes: not the user the agents act for, not whoever
 * runs any of them, not an agent under another name. Judged when the answer is given, and again at the release.
 */
export function whyIneligible(
  view: WorkflowView,
  group: string,
  by: Pick<Operator, 'id' | 'groups'>,
): string | undefined {
  if (!by.groups.includes(group)) return `it takes a member of the group ${group}`;
  if (by.id === view.onBehalfOf.id) return 'the action is done on your behalf';
  const sessions = [...view.sessions.values()];
  const runs = by.id === view.openedBy || sessions.some(({ openedBy, agent }) => by.id === openedBy || by.id === agent);
  return runs ? 'you run the agents of this workflow' : undefined;
}
