import { CedarDatetime, CedarDecimal, CedarDuration } from '../../action/policy-port.ts';
import { EvaluationError } from '../compiled/evaluation-error.ts';
import { extensionFunction } from '../compiled/extension-functions.ts';
import {
  ANY,
  type Domain,
  FALSE,
  LONG_MAX,
  LONG_MIN,
  meet,
  numbers,
  onlyValue,
  TRUE,
  UNKNOWN_BOOLEAN,
} from './domain.ts';

interface Called {
  /** Undefined where it always fails. */
  readonly domain: Domain | undefined;
  readonly canFail: boolean;
}

const DAY_MS = 86_400_000n;
const UNIT_MS = new Map([
  ['toMilliseconds', 1n],
  ['toSeconds', 1_000n],
  ['toMinutes', 60_000n],
  ['toHours', 3_600_000n],
  ['toDays', DAY_MS],
]);
/** Functions that cannot fail on values of their types, and have a Boolean as their result. */
const TESTS = new Set([
  'hasTag',
  'containsAll',
  'containsAny',
  'isIpv4',
  'isIpv6',
  'isLoopback',
  'isMulticast',
  'isInRange',
]);

/** What a call of an extension function, or of what a linter has no better word for, can result in. */
export function boundsOfCall(name: string, values: readonly Domain[]): Called {
  const [a, b] = values;
  if (TESTS.has(name)) return { domain: UNKNOWN_BOOLEAN, canFail: false };
  if (a?.is === 'string') return constructed(name, a);
  if (a?.is !== 'number') return { domain: ANY, canFail: !name.startsWith('value ') && name !== 'Record' };
  const unit = UNIT_MS.get(name);
  if (unit !== undefined) return { domain: numbers(a.min / unit, a.max / unit), canFail: false };
  if (name === 'toTime') return { domain: numbers(0n, DAY_MS - 1n, 'duration'), canFail: false };
  if (name === 'toDate') return within(a.min - DAY_MS, a.max, 'datetime');
  if (b?.is !== 'number') return { domain: ANY, canFail: true };
  switch (name) {
    case 'offset':
      return within(a.min + b.min, a.max + b.max, 'datetime');
    case 'durationSince':
      return within(a.min - b.max, a.max - b.min, 'duration');
    case 'lessThan':
      return { domain: order(a.max < b.min, a.min >= b.max), canFail: false };
    case 'lessThanOrEqual':
      return { domain: order(a.max <= b.min, a.min > b.max), canFail: false };
    case 'greaterThan':
      return { domain: order(a.min > b.max, a.max <= b.min), canFail: false };
    case 'greaterThanOrEqual':
      return { domain: order(a.min >= b.max, a.max < b.min), canFail: false };
    default:
      return { domain: ANY, canFail: true };
  }
}

function order(always: boolean, never: boolean): Domain {
  return always ? TRUE : never ? FALSE : UNKNOWN_BOOLEAN;
}

function within(min: bigint, max: bigint, type: 'datetime' | 'duration'): Called {
  return {
    domain: meet(numbers(min, max, type), numbers(LONG_MIN, LONG_MAX, type)),
    canFail: min < LONG_MIN || max > LONG_MAX,
  };
}

/** `datetime("2026-01-01")`; of a text that is not written there, nobody knows what it is. */
function constructed(name: string, text: Domain): Called {
  const only = onlyValue(text);
  if (typeof only !== 'string') return { domain: ANY, canFail: true };
  try {
    const value = extensionFunction(name)?.apply(only);
    if (value instanceof CedarDatetime) return exactly(value.epochMs, 'datetime');
    if (value instanceof CedarDuration) return exactly(value.ms, 'duration');
    if (value instanceof CedarDecimal) return exactly(value.units, 'decimal');
    return { domain: ANY, canFail: value === undefined };
  } catch (cause) {
    if (cause instanceof EvaluationError) return { domain: undefined, canFail: true };
    throw cause;
  }
}

function exactly(value: number | bigint, type: 'datetime' | 'duration' | 'decimal'): Called {
  return { domain: numbers(BigInt(value), BigInt(value), type), canFail: false };
}
