import { CedarDatetime, CedarDecimal, CedarDuration, EntityRef, type PolicyValue } from '../../action/policy-port.ts';
import { canonicalKey } from './canonical-key.ts';

/** Cedar's `==`: never an error, false for two types. */
export function valuesEqual(left: PolicyValue, right: PolicyValue): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  if (left instanceof EntityRef) return right instanceof EntityRef && sameRef(left, right);
  if (left instanceof CedarDatetime) return right instanceof CedarDatetime && left.epochMs === right.epochMs;
  if (left instanceof CedarDuration) return right instanceof CedarDuration && left.ms === right.ms;
  if (left instanceof CedarDecimal) return right instanceof CedarDecimal && left.units === right.units;
  return canonicalKey(left) === canonicalKey(right);
}

export function sameRef(left: EntityRef, right: EntityRef): boolean {
  return left === right || (left.id === right.id && left.type === right.type);
}
