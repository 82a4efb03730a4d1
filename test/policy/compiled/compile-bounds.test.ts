import { execFileSync } from 'node:child_process';
import type { Expr, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { describe, expect, test } from 'vitest';
import { BOUNDS } from '../../../src/lib/bounds.ts';
import { compilePolicies } from '../../../src/policy/compiled/compile-policies.ts';
import { FORMS, ref, requestOf } from './world.ts';

const YES: Expr = { '.': { left: { Var: 'context' }, attr: 'yes' } };
const N: Expr = { '.': { left: { Var: 'context' }, attr: 'n' } };
const request = requestOf({
  principal: ref('U', 'u'),
  action: ref('Action', 'a'),
  resource: ref('D', 'd'),
  context: { yes: true, n: 1 },
});

const policy = (body: Expr): PolicyJson => ({
  effect: 'permit',
  principal: { op: 'All' },
  action: { op: 'All' },
  resource: { op: 'All' },
  conditions: [{ kind: 'when', body }],
});
const repeat = (times: number, wrap: (inner: Expr) => Expr, start: Expr): Expr => {
  let body = start;
  for (let count = 0; count < times; count++) body = wrap(body);
  return body;
};

describe.for(FORMS)('compiled to %s', (form) => {
  const evaluate = (...bodies: readonly Expr[]) => {
    const policies = bodies.map((body, index) => ({ id: `p${index}`, json: policy(body) }));
    return compilePolicies({ policies }, { form }).evaluate(request).permits;
  };
  const equalsN = (value: number): Expr => ({ '==': { left: N, right: { Value: value } } });

  test('a chain of 20,000 terms is evaluated, however it is bracketed', () => {
    const or = (left: Expr, right: Expr): Expr => ({ '||': { left, right } });
    let value = 2;
    expect(evaluate(repeat(20_000, (inner) => or(inner, equalsN(value++)), equalsN(1)))).toEqual(['p0']);
    expect(evaluate(repeat(20_000, (inner) => or(equalsN(value++), inner), equalsN(1)))).toEqual(['p0']);
    expect(evaluate(repeat(20_000, (inner) => ({ '&&': { left: inner, right: YES } }), YES))).toEqual(['p0']);
  });

  test('expressions inside each other are evaluated up to the bound, and refused past it', () => {
    const nots = (times: number) => repeat(times, (arg) => ({ '!': { arg } }), YES);
    expect(evaluate(nots(BOUNDS.policyDepth - 2))).toEqual(['p0']);
    for (const times of [BOUNDS.policyDepth + 1, 100_000]) {
      expect(() => evaluate(nots(times))).toThrow(expect.objectContaining({ code: 'POLICY_INVALID' }));
    }
    const path = { left: { Var: 'context' as const }, attr: Array.from({ length: 10_000 }, () => 'yes') };
    expect(() => evaluate({ has: path } as unknown as Expr)).toThrow(
      expect.objectContaining({ code: 'POLICY_INVALID' }),
    ); // the type asks for a list that is not empty
    const sets = repeat(100_000, (inner) => ({ Set: [inner] }), YES);
    expect(() => evaluate(sets)).toThrow(expect.objectContaining({ code: 'POLICY_INVALID' }));
  });

  test('a set literal of 100,000 elements is a constant that is found in at once', () => {
    const elements = Array.from({ length: 100_000 }, (_, index): Expr => ({ Value: index }));
    expect(evaluate({ contains: { left: { Set: elements }, right: N } })).toEqual(['p0']);
    expect(evaluate({ containsAny: { left: { Set: elements.slice(2) }, right: { Set: [N] } } })).toEqual([]);
  });

  test('computed elements of a set are evaluated up to the bound, and refused past it', () => {
    const elements = (count: number) =>
      Array.from({ length: count }, (_, index): Expr => ({ '+': { left: N, right: { Value: index } } }));
    const contains = (count: number): Expr => ({
      contains: { left: { Set: elements(count) }, right: { Value: BOUNDS.policyArguments } },
    });
    expect(evaluate(contains(BOUNDS.policyArguments))).toEqual(['p0']);
    expect(() => evaluate(contains(BOUNDS.policyArguments + 1))).toThrow(
      expect.objectContaining({ code: 'POLICY_INVALID' }),
    );
  });

  test('10,000 policies that read 10,000 attributes are compiled', () => {
    const bodies = Array.from(
      { length: 10_000 },
      (_, index): Expr => ({ has: { left: { Var: 'context' }, attr: `a${index}` } }),
    );
    expect(evaluate(...bodies, YES)).toEqual(['p10000']);
  });
});

const REFUSED: Readonly<Record<string, unknown>> = {
  'an unknown operator': { '%': { left: N, right: N } },
  'an unknown function': { launch: [N] },
  'partial evaluation': { unknown: [{ Value: 'x' }] },
  'a slot in a condition': { Slot: '?principal' },
  'an unknown variable': { Var: 'world' },
  'an inexact integer': { Value: 2 ** 53 },
  'a fraction': { Value: 1.5 },
  'an integer beyond 64 bits': { Value: 2n ** 63n },
  null: { Value: null },
  'two expressions in one': { Value: 1, Var: 'context' },
  'no expression': {},
  'a text for an expression': 'true',
  'a missing part': { '==': { left: N } },
  'an attribute that is no text': { '.': { left: N, attr: 1 } },
  'an operator named like a property of every object': { constructor: { left: N, right: N } },
  'a pattern that is none': { like: { left: N, pattern: [{ Regex: '.*' }] } },
  'a set that is none': { Set: 1 },
  'a deep value where a name belongs': { Var: repeat(100_000, (arg) => ({ '!': { arg } }), YES) },
  'an entity without id': { Value: { __entity: { type: 'User' } } },
};
test.for(Object.entries(REFUSED))('what Cedar does not have is refused: %s', ([, body]) => {
  // Not what the type allows: that is the point.
  const json = policy(body as Expr);
  expect(() => compilePolicies({ policies: [{ id: 'x', json }] })).toThrow(
    expect.objectContaining({ code: 'POLICY_INVALID' }),
  );
});

test('integers beyond 2^53 come as bigint, and are exact', () => {
  const body = {
    '==': { left: { '+': { left: { Value: 2n ** 62n }, right: N } }, right: { Value: 2n ** 62n + 1n } },
  } as unknown as Expr; // the type knows no bigint
  expect(compilePolicies({ policies: [{ id: 'x', json: policy(body) }] }).evaluate(request).permits).toEqual(['x']);
});

describe('where the process may not generate code', () => {
  const script = `
    import { compilePolicies } from './src/policy/compiled/compile-policies.ts';
    const json = ${JSON.stringify(policy(YES))};
    const ref = { type: 'U', id: 'u' };
    const set = compilePolicies({ policies: [{ id: 'x', json }] });
    const request = { principal: ref, action: ref, resource: ref, context: { yes: true }, entity: () => undefined, entities: () => [] };
    console.log(set.form, ...set.evaluate(request).permits);`;
  const run = (...flags: readonly string[]) =>
    execFileSync(process.execPath, [...flags, '--input-type=module-typescript', '--eval', script], {
      encoding: 'utf8',
    }).trim();
  test('policies are closures', () => expect(run('--disallow-code-generation-from-strings')).toBe('closures x'));
  test('and generated code where it may', () => expect(run()).toBe('source x'));
});
