import type { Expr } from '@cedar-policy/cedar-wasm/nodejs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PolicyValue } from '../../../src/action/policy-port.ts';
import { EvaluationError } from '../../../src/policy/compiled/evaluation-error.ts';
import { compareExtension, extensionFunction } from '../../../src/policy/compiled/extension-functions.ts';
import { valuesEqual } from '../../../src/policy/compiled/values-equal.ts';
import { literal } from '../fuzz/literal.ts';
import { almost, DATETIMES, DECIMALS, DURATIONS, IPS } from './extension-texts.ts';
import { askCedar, ref } from './world.ts';

/** A call of functions on texts. */
type Call = string | { readonly fn: string; readonly args: readonly Call[] };
type Outcome = 'true' | 'false' | 'error';

const SEED = 4;
const BATCH = 100;
const BATCHES = 12;

/** What Cedar says of each expression, asked about all at once. */
function saidByCedar(expressions: readonly Expr[]): Outcome[] {
  const all = { op: 'All' } as const;
  const policies = expressions.map((body, index) => [
    String(index),
    { effect: 'permit', principal: all, action: all, resource: all, conditions: [{ kind: 'when', body }] } as const,
  ]);
  const world = { principal: ref('A', 'a'), action: ref('Action', 'a'), resource: ref('A', 'a') };
  const { satisfied, failed } = askCedar({ staticPolicies: Object.fromEntries(policies) }, world);
  const [yes, errors] = [new Set(satisfied), new Set(failed)];
  return expressions.map((_, index) =>
    errors.has(String(index)) ? 'error' : yes.has(String(index)) ? 'true' : 'false',
  );
}

function evaluate(call: Call): PolicyValue {
  if (typeof call === 'string') return call;
  const known = extensionFunction(call.fn);
  if (known === undefined) throw new Error(`there is no function ${call.fn}`);
  return known.apply(...call.args.map(evaluate));
}

function expressionOf(call: Call): Expr {
  return typeof call === 'string' ? literal(call) : { [call.fn]: call.args.map(expressionOf) };
}

/** Undefined where it fails as a policy may fail. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof EvaluationError) return undefined;
    throw thrown;
  }
}

/** Cedar must agree that each call has the value that we say, or that it fails. */
function expectAgreement(calls: readonly Call[]): { readonly values: number; readonly failures: number } {
  const ours = calls.map((call) => attempt(() => evaluate(call)));
  const expressions = calls.map((call, index): Expr => {
    const value = ours[index];
    return { '==': { left: expressionOf(call), right: value === undefined ? literal(true) : literal(value) } };
  });
  const theirs = saidByCedar(expressions);
  const named = (outcomes: readonly Outcome[]) => calls.map((call, index) => [JSON.stringify(call), outcomes[index]]);
  expect(named(theirs)).toEqual(named(ours.map((value) => (value === undefined ? 'error' : 'true'))));
  const failures = ours.filter((value) => value === undefined).length;
  return { values: ours.length - failures, failures };
}

function check(call: fc.Arbitrary<Call>): { readonly values: number; readonly failures: number } {
  const seen = { values: 0, failures: 0 };
  const batch = fc.array(call, { minLength: BATCH, maxLength: BATCH });
  fc.assert(
    fc.property(batch, (calls) => {
      const { values, failures } = expectAgreement(calls);
      seen.values += values;
      seen.failures += failures;
    }),
    { seed: SEED, numRuns: BATCHES },
  );
  return seen;
}

const call = (fn: string, ...args: fc.Arbitrary<Call>[]): fc.Arbitrary<Call> =>
  fc.tuple(...args).map((all) => ({ fn, args: all }));
const decimal = call('decimal', DECIMALS);
const duration = call('duration', DURATIONS);
const datetime = fc.oneof(call('datetime', DATETIMES), call('offset', call('datetime', DATETIMES), duration));
const ip = call('ip', IPS);

describe('a text means what it means to Cedar, or fails where it does', () => {
  test.for([
    ['decimal', DECIMALS],
    ['duration', DURATIONS],
    ['datetime', DATETIMES],
    ['ip', IPS],
  ] as const)('%s', ([fn, texts]) => {
    const mixed = fc.oneof(
      { weight: 3, arbitrary: texts },
      { weight: 2, arbitrary: almost(texts) },
      almost(almost(texts)),
    );
    const { values, failures } = check(call(fn, mixed));
    expect(Math.min(values, failures)).toBeGreaterThan((BATCH * BATCHES) / 10);
  });
});

describe('a function answers what Cedar answers', () => {
  const ANY = [decimal, duration, datetime, ip, fc.constant('1.0')];
  test.for([
    ['lessThan', decimal, decimal],
    ['lessThanOrEqual', decimal, decimal],
    ['greaterThan', decimal, decimal],
    ['greaterThanOrEqual', decimal, decimal],
    ['toMilliseconds', duration],
    ['toSeconds', duration],
    ['toMinutes', duration],
    ['toHours', duration],
    ['toDays', duration],
    ['offset', datetime, duration],
    ['durationSince', datetime, datetime],
    ['toDate', datetime],
    ['toTime', datetime],
    ['isIpv4', ip],
    ['isIpv6', ip],
    ['isLoopback', ip],
    ['isMulticast', ip],
    ['isInRange', ip, ip],
  ] as const)('%s', ([fn, ...args]) => {
    const oneOf = (arg: fc.Arbitrary<Call>) => fc.oneof({ weight: 9, arbitrary: arg }, ...ANY);
    expect(check(call(fn, ...args.map(oneOf))).values).toBeGreaterThan((BATCH * BATCHES) / 30);
  });
});

test('datetimes and durations have an order, and nothing else has', () => {
  const pairs = fc.tuple(fc.oneof(decimal, duration, datetime, ip), fc.oneof(decimal, duration, datetime, ip));
  const orders = new Set<number | undefined>();
  fc.assert(
    fc.property(fc.array(pairs, { minLength: BATCH, maxLength: BATCH }), (batch) => {
      const all = batch.map((pair) => pair.map((each) => attempt(() => evaluate(each))));
      const known = batch.flatMap((pair, index) => {
        const [left, right] = all[index] ?? [];
        return left === undefined || right === undefined ? [] : [{ pair, left, right }];
      });
      const operands = known.map(({ pair: [left, right] }) => ({
        left: expressionOf(left),
        right: expressionOf(right),
      }));
      const less = known.map(({ left, right }) => attempt(() => compareExtension(left, right)));
      for (const order of less) orders.add(order);
      const told = (holds: (order: number) => boolean) =>
        less.map((order) => (order === undefined ? 'error' : String(holds(order))));
      expect(saidByCedar(operands.map((two) => ({ '<': two })))).toEqual(told((order) => order < 0));
      expect(saidByCedar(operands.map((two) => ({ '<=': two })))).toEqual(told((order) => order <= 0));
      const equal = known.map(({ left, right }) => String(valuesEqual(left, right)));
      expect(saidByCedar(operands.map((two) => ({ '==': two })))).toEqual(equal);
    }),
    { seed: SEED, numRuns: BATCHES },
  );
  expect(orders).toEqual(new Set([-1, 0, 1, undefined]));
});

test('there is no other function', () => {
  for (const name of ['', 'contains', 'constructor', '__proto__', 'toString', 'IP'])
    expect(extensionFunction(name)).toBeUndefined();
});
