import type { Action } from '../action/action.ts';
import type { ActionDecided } from '../action/event.ts';
import type { PolicySet } from '../action/policy-port.ts';
import type { WorkflowView } from '../action/view.ts';

const asks = new WeakMap<PolicySet, boolean>();

/** What was traced of an action, for its decision event: where a policy of the set can have asked, the decision rests on it. */
export function recordedProvenance(
  policySet: PolicySet,
  { provenance }: WorkflowView,
  action: Action,
): Pick<ActionDecided, 'provenance'> {
  const traced = provenance.traced(action);
  return traced === undefined || !asksForProvenance(policySet) ? {} : { provenance: traced };
}

/** Some evaluators are handed the whole context, whether or not a policy looks at it. */
function asksForProvenance(policySet: PolicySet): boolean {
  const known = asks.get(policySet);
  if (known !== undefined) return known;
  const found = [...policySet.policies.keys()].some((id) => readsProvenance(policySet.reads?.(id) ?? []));
  asks.set(policySet, found);
  return found;
}

function readsProvenance(paths: readonly string[]): boolean {
  return paths.some((path) => path === 'context.provenance' || path.startsWith('context.provenance.'));
}
