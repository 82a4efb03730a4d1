import type { PolicyValue } from '../../action/policy-port.ts';
import { isSetOfValues } from './canonical-key.ts';
import { EvaluationError } from './evaluation-error.ts';
import type { EvaluationState } from './evaluation-state.ts';
import { Members } from './members.ts';

/** A set, ready to be asked what it holds. Shared by all that ask the same set. */
export function members(_state: EvaluationState, value: PolicyValue): Members {
  if (isSetOfValues(value)) return new Members(value);
  throw new EvaluationError('type error: expected a set');
}

export function contains(_state: EvaluationState, set: Members, value: PolicyValue): boolean {
  return set.has(value);
}

export function containsAll(_state: EvaluationState, set: Members, other: Members): boolean {
  return set.hasAll(other);
}

export function containsAny(_state: EvaluationState, set: Members, other: Members): boolean {
  return set.hasAny(other);
}

export function isEmpty(_state: EvaluationState, value: PolicyValue): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof Set) return value.size === 0;
  throw new EvaluationError('type error: expected a set');
}
