import type { PolicyEvaluation } from '../../action/policy-port.ts';

/** Ids of policies, at most {@link NAMED} of each kind. */
export interface Finding {
  readonly permits: readonly string[];
  readonly forbids: readonly string[];
  readonly errors: readonly string[];
}

/** What each of two evaluators says that the other one does not. */
export interface Difference {
  readonly compiled: Finding;
  readonly reference: Finding;
}

/** Where everything differs, a few names tell as much as all. */
const NAMED = 100;

/** Undefined where both name the same policies; order and the words of errors are their own. */
export function differenceOf(compiled: PolicyEvaluation, reference: PolicyEvaluation): Difference | undefined {
  const difference = { compiled: beyond(compiled, reference), reference: beyond(reference, compiled) };
  return isEmpty(difference.compiled) && isEmpty(difference.reference) ? undefined : difference;
}

function beyond(one: PolicyEvaluation, other: PolicyEvaluation): Finding {
  return {
    permits: missing(one.permits, other.permits),
    forbids: missing(one.forbids, other.forbids),
    errors: missing(failed(one), failed(other)),
  };
}

function failed({ errors }: PolicyEvaluation): readonly string[] {
  return errors.map(({ policy }) => policy);
}

function missing(ids: readonly string[], from: readonly string[]): readonly string[] {
  const known = new Set(from);
  return ids.filter((id) => !known.has(id)).slice(0, NAMED);
}

function isEmpty({ permits, forbids, errors }: Finding): boolean {
  return permits.length + forbids.length + errors.length === 0;
}
