import type { WorkflowView } from '../action/view.ts';
import type { Operator } from './interlock.ts';

/**
 * Why somebody may not approve in this workflow, or undefined. Four eyes: not the user the agents act for, not whoever
 * runs any of them, not an agent under another name. Judged when the answer is given, and again at the release.
 */
export function whyIneligible(
  view: WorkflowView,
  group: string,
  by: Pick<Operator, 'id' | 'groups' | 'person'>,
): string | undefined {
  if (!by.groups.includes(group)) return `it takes a member of the group ${group}`;
  const names = [by.id, ...(by.person === undefined ? [] : [by.person])];
  if (names.includes(view.onBehalfOf.id)) return 'the action is done on your behalf';
  const agents = new Set([...view.sessions.values()].map(({ agent }) => agent));
  const runs = names.some((name) => view.openers.has(name) || agents.has(name));
  return runs ? 'you run the agents of this workflow' : undefined;
}
