import { type Long, toLong } from '../../action/policy-port.ts';
import { EvaluationError } from './evaluation-error.ts';

export const INT64_MIN = -(2n ** 63n);
export const INT64_MAX = 2n ** 63n - 1n;

/** Throws EvaluationError past 64 bits. */
export function checkedLong(value: bigint): Long {
  if (value < INT64_MIN || value > INT64_MAX) throw new EvaluationError('integer overflow');
  return toLong(value);
}

/** Throws EvaluationError past 64 bits. */
export function addLongs(left: Long, right: Long): Long {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return checkedLong(BigInt(left) + BigInt(right));
}

/** Throws EvaluationError past 64 bits. */
export function subtractLongs(left: Long, right: Long): Long {
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return checkedLong(BigInt(left) - BigInt(right));
}

/** Rounded towards zero, as Cedar does. */
export function divideLong(value: Long, divisor: number): Long {
  if (typeof value === 'bigint') return toLong(value / BigInt(divisor));
  // Exact, unlike the quotient.
  return (value - (value % divisor)) / divisor;
}

/** What is left above the multiple of `divisor` below the value: never negative. */
export function remainderOf(value: Long, divisor: number): number {
  const remainder = typeof value === 'bigint' ? Number(value % BigInt(divisor)) : value % divisor;
  return remainder < 0 ? remainder + divisor : remainder + 0;
}
