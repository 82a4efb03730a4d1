import { CedarDatetime, CedarDuration, type Long, type PolicyValue } from '../../action/policy-port.ts';
import { asDatetime, durationSince, offset, parseDatetime, toDate, toTime } from './datetime.ts';
import { asDecimal, parseDecimal } from './decimal.ts';
import { asDuration, DAY_MS, HOUR_MS, MINUTE_MS, parseDuration, SECOND_MS } from './duration.ts';
import { EvaluationError } from './evaluation-error.ts';
import { divideLong } from './int64.ts';
import { asIp, isInRange, isLoopback, isMulticast, parseIp } from './ip-address.ts';

/** A function or method of Cedar's extension types; a method has the value that it is called on as its first argument. */
export interface ExtensionFunction {
  readonly arity: number;
  /** With as many arguments as `arity` says. Throws EvaluationError. */
  apply(...args: readonly PolicyValue[]): PolicyValue;
}

/** Undefined where Cedar 4.5 has no function or method of this name (https://docs.cedarpolicy.com/policies/syntax-operators.html). */
export function extensionFunction(name: string): ExtensionFunction | undefined {
  return FUNCTIONS.get(name);
}

/** Below 0: less; above: more. Throws EvaluationError for all but two datetimes or two durations. */
export function compareExtension(left: PolicyValue, right: PolicyValue): number {
  if (left instanceof CedarDatetime && right instanceof CedarDatetime) return compared(left.epochMs, right.epochMs);
  if (left instanceof CedarDuration && right instanceof CedarDuration) return compared(left.ms, right.ms);
  throw new EvaluationError('type error: expected two values of one type that has an order');
}

function compared(left: Long, right: Long): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function constructorOf(parse: (text: string) => PolicyValue): ExtensionFunction {
  return { arity: 1, apply: (text = NOTHING) => parse(asText(text)) };
}

function method<A>(as: (value: PolicyValue) => A, run: (value: A) => PolicyValue): ExtensionFunction {
  return { arity: 1, apply: (value = NOTHING) => run(as(value)) };
}

function binaryMethod<A, B>(
  as: (value: PolicyValue) => A,
  asOther: (value: PolicyValue) => B,
  run: (value: A, other: B) => PolicyValue,
): ExtensionFunction {
  return { arity: 2, apply: (value = NOTHING, other = NOTHING) => run(as(value), asOther(other)) };
}

/** An argument that is missing: of no type that a function takes. */
const NOTHING: PolicyValue = Object.freeze({});

function asText(value: PolicyValue): string {
  if (typeof value === 'string') return value;
  throw new EvaluationError('type error: expected a String');
}

function decimalOrder(holds: (order: number) => boolean): ExtensionFunction {
  return binaryMethod(asDecimal, asDecimal, (left, right) => holds(compared(left.units, right.units)));
}

function durationIn(unitMs: number): ExtensionFunction {
  return method(asDuration, ({ ms }) => divideLong(ms, unitMs));
}

const FUNCTIONS: ReadonlyMap<string, ExtensionFunction> = new Map([
  ['ip', constructorOf(parseIp)],
  ['isIpv4', method(asIp, ({ version }) => version === 4)],
  ['isIpv6', method(asIp, ({ version }) => version === 6)],
  ['isLoopback', method(asIp, isLoopback)],
  ['isMulticast', method(asIp, isMulticast)],
  ['isInRange', binaryMethod(asIp, asIp, isInRange)],
  ['decimal', constructorOf(parseDecimal)],
  ['lessThan', decimalOrder((order) => order < 0)],
  ['lessThanOrEqual', decimalOrder((order) => order <= 0)],
  ['greaterThan', decimalOrder((order) => order > 0)],
  ['greaterThanOrEqual', decimalOrder((order) => order >= 0)],
  ['datetime', constructorOf(parseDatetime)],
  ['offset', binaryMethod(asDatetime, asDuration, offset)],
  ['durationSince', binaryMethod(asDatetime, asDatetime, durationSince)],
  ['toDate', method(asDatetime, toDate)],
  ['toTime', method(asDatetime, toTime)],
  ['duration', constructorOf(parseDuration)],
  ['toMilliseconds', durationIn(1)],
  ['toSeconds', durationIn(SECOND_MS)],
  ['toMinutes', durationIn(MINUTE_MS)],
  ['toHours', durationIn(HOUR_MS)],
  ['toDays', durationIn(DAY_MS)],
]);
