import type { Long, PolicyValue } from '../../action/policy-port.ts';
import { asString } from './entity-operators.ts';
import { EvaluationError } from './evaluation-error.ts';
import type { EvaluationState } from './evaluation-state.ts';
import { compareExtension } from './extension-functions.ts';
import { addLongs, checkedLong, subtractLongs } from './int64.ts';
import type { LikePattern } from './like-pattern.ts';

export function asBoolean(value: unknown): boolean {
  if (value === true) return true;
  if (value === false) return false;
  throw new EvaluationError('type error: expected a Boolean');
}

export function less(_state: EvaluationState, left: PolicyValue, right: PolicyValue): boolean {
  return isLong(left) && isLong(right) ? left < right : compareExtension(left, right) < 0;
}

export function lessOrEqual(_state: EvaluationState, left: PolicyValue, right: PolicyValue): boolean {
  return isLong(left) && isLong(right) ? left <= right : compareExtension(left, right) <= 0;
}

export function add(_state: EvaluationState, left: PolicyValue, right: PolicyValue): Long {
  return addLongs(asLong(left), asLong(right));
}

export function subtract(_state: EvaluationState, left: PolicyValue, right: PolicyValue): Long {
  return subtractLongs(asLong(left), asLong(right));
}

export function multiply(_state: EvaluationState, left: PolicyValue, right: PolicyValue): Long {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right;
    // Adding 0 turns -0, which no integer is, into 0.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return checkedLong(BigInt(asLong(left)) * BigInt(asLong(right)));
}

export function negate(_state: EvaluationState, value: PolicyValue): Long {
  return typeof value === 'number' ? 0 - value : checkedLong(-BigInt(asLong(value)));
}

export function like(_state: EvaluationState, value: PolicyValue, pattern: LikePattern): boolean {
  return pattern.matches(asString(value));
}

function isLong(value: PolicyValue): value is Long {
  return typeof value === 'number' || typeof value === 'bigint';
}

function asLong(value: PolicyValue): Long {
  if (isLong(value)) return value;
  throw new EvaluationError('type error: expected a Long');
}
