import { CedarDecimal, type PolicyValue } from '../../action/policy-port.ts';
import { EvaluationError } from './evaluation-error.ts';
import { checkedLong } from './int64.ts';

const DIGITS = 4;
/** Past 15 digits before the point, zeros aside, no decimal fits 64 bits. */
const FORM = /^(-?)(?=\d)0*(\d{0,15})\.(\d{1,4})$/;

/** `decimal("-1.5")` (https://docs.cedarpolicy.com/policies/syntax-datatypes.html#datatype-decimal). Throws EvaluationError. */
export function parseDecimal(text: string): CedarDecimal {
  const [, sign, whole = '', fraction = ''] = FORM.exec(text) ?? [];
  if (sign === undefined) throw new EvaluationError(`${JSON.stringify(text)} is not a decimal`);
  const units = BigInt(whole + fraction.padEnd(DIGITS, '0'));
  return new CedarDecimal(checkedLong(sign === '' ? units : -units));
}

export function asDecimal(value: PolicyValue): CedarDecimal {
  if (value instanceof CedarDecimal) return value;
  throw new EvaluationError('type error: expected a decimal');
}
