import { runInNewContext } from 'node:vm';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/lib/canonical-json.ts';
import type { Json } from '../../src/lib/json.ts';

test('the canonical form is that of the reference implementation of RFC 8785', () => {
  const wellFormed = fc.jsonValue({ stringUnit: 'binary' });
  fc.assert(
    fc.property(wellFormed, (value) => {
      expect(canonicalJson(value as Json)).toBe(canonicalize(value));
    }),
    { numRuns: 1_000, seed: 20_260_101 },
  );
});

test('values that no JSON can carry have no canonical form', () => {
  class Money {
    readonly amount = 5;
  }
  for (const value of [new Date(0), new Map([['a', 1]]), new Set([1]), /x/, new Money(), () => 1, Symbol('x'), 1n]) {
    for (const placed of [value, { a: value }, [value]])
      expect(() => canonicalJson(placed as never)).toThrowError(expect.objectContaining({ code: 'MALFORMED_JSON' }));
  }
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => canonicalJson(value)).toThrowError(expect.objectContaining({ code: 'UNSAFE_NUMBER' }));
});

test('plain objects are those of every realm, and those without a prototype', () => {
  expect(canonicalJson(runInNewContext('({ b: [1, { c: 2 }], a: null })'))).toBe('{"a":null,"b":[1,{"c":2}]}');
  expect(canonicalJson(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
});
