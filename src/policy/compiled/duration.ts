import { CedarDuration, type PolicyValue } from '../../action/policy-port.ts';
import { EvaluationError } from './evaluation-error.ts';
import { checkedLong } from './int64.ts';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Units from the largest to the smallest, each at most once. Past 20 digits, zeros aside, nothing fits 64 bits. */
const FORM = /^(-?)(?=\d)(?:0*(\d{1,20})d)?(?:0*(\d{1,20})h)?(?:0*(\d{1,20})m)?(?:0*(\d{1,20})s)?(?:0*(\d{1,20})ms)?$/;
const UNITS_MS = [DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, 1].map(BigInt);

/** `duration("-1d12h30m5s250ms")` (https://docs.cedarpolicy.com/policies/syntax-datatypes.html#datatype-duration). Throws EvaluationError. */
export function parseDuration(text: string): CedarDuration {
  const [, sign, ...counts] = FORM.exec(text) ?? [];
  if (sign === undefined) throw new EvaluationError(`${JSON.stringify(text)} is not a duration`);
  const ms = UNITS_MS.reduce((sum, unitMs, index) => sum + BigInt(counts[index] ?? 0) * unitMs, 0n);
  return new CedarDuration(checkedLong(sign === '' ? ms : -ms));
}

export function asDuration(value: PolicyValue): CedarDuration {
  if (value instanceof CedarDuration) return value;
  throw new EvaluationError('type error: expected a duration');
}
