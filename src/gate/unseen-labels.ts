import type { ActionDecided } from '../action/event.ts';
import type { WorkflowView } from '../action/view.ts';
import type { Registry } from '../connector/registry.ts';

/**
 * What an answer may have carried that its caller has seen and Interlock has not: where labels are found in the answer,
 * all that the system can attach, and where it shows what was touched, all that records of this workflow can carry.
 */
export function unseenLabels(
  registry: Registry,
  { operation }: Pick<ActionDecided, 'operation'>,
  { activity }: WorkflowView,
): readonly string[] {
  const known = registry.known(operation);
  if (known === undefined) return registry.catalog.labels;
  const { definition, systemLabels } = known;
  const found = definition.resultLabels === undefined ? [] : [...systemLabels];
  const carried = definition.touched === undefined ? [] : [...activity.labels].map(({ id }) => id);
  return [...new Set([...found, ...carried])];
}
