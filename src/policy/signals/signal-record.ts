import {
  CedarDatetime,
  EntityRef,
  type PolicyRecord,
  type PolicySet,
  type PolicyValue,
} from '../../action/policy-port.ts';
import type { SignalPlan, SignalScalar, SignalType, SignalValues } from '../../action/signal.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { Json } from '../../lib/json.ts';
import { decimalOf } from '../to-policy-value.ts';

/** The signals of a question to the policies of a set. Throws INTERNAL where a value is not of its type. */
export function signalsSeen(
  { signals: plan }: Pick<PolicySet, 'signals'>,
  values: SignalValues | undefined,
): { readonly signals?: PolicyRecord } {
  return plan === undefined || values === undefined ? {} : { signals: signalRecord(plan, values) };
}

/** The same for people who look back: what the set in force knows no more, or knows otherwise, is left out. */
export function signalsShown(
  { signals: plan }: Pick<PolicySet, 'signals'>,
  values: SignalValues = {},
): { readonly signals?: PolicyRecord } {
  if (plan === undefined) return {};
  const known = Object.entries(values).filter(([name, value]) => isOfType(plan, { [name]: value }));
  return { signals: signalRecord(plan, Object.fromEntries(known)) };
}

function isOfType(plan: SignalPlan, values: SignalValues): boolean {
  try {
    signalRecord(plan, values);
    return true;
  } catch (thrown) {
    if (thrown instanceof InterlockError) return false;
    throw thrown;
  }
}

/** What a decision records of signals, as policies see it. */
export function signalRecord({ types }: SignalPlan, values: SignalValues): PolicyRecord {
  const seen: Record<string, PolicyValue> = {};
  for (const [name, value] of Object.entries(values)) {
    const type = types.get(name);
    if (type !== undefined) seen[name] = cedarValue(value, type, name);
  }
  return seen;
}

function cedarValue(value: Json, type: SignalType, name: string): PolicyValue {
  if (typeof type === 'object' && 'setOf' in type) {
    if (Array.isArray(value)) return value.map((each) => scalarOf(each, type.setOf, name));
  } else return scalarOf(value, type, name);
  throw wrong(name);
}

function scalarOf(value: Json, scalar: SignalScalar, name: string): PolicyValue {
  switch (scalar) {
    case 'Long':
      if (Number.isSafeInteger(value)) return value as number; // isSafeInteger is true for numbers only
      break;
    case 'Bool':
      if (typeof value === 'boolean') return value;
      break;
    case 'String':
      if (typeof value === 'string' && value.isWellFormed()) return value;
      break;
    case 'datetime': {
      const epochMs = typeof value === 'string' ? Date.parse(value) : value;
      if (Number.isSafeInteger(epochMs)) return new CedarDatetime(epochMs as number); // as above
      break;
    }
    case 'decimal': {
      const decimal = decimalOf(value);
      if (decimal !== undefined) return decimal;
      break;
    }
    default:
      if (typeof value === 'string') return new EntityRef(scalar.entity, value);
  }
  throw wrong(name);
}

function wrong(name: string): InterlockError {
  return new InterlockError('INTERNAL', `the signal ${name} is not of the type that it was declared with`);
}
