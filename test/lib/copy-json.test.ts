import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/lib/canonical-json.ts';
import { copyJson } from '../../src/lib/copy-json.ts';
import type { Json } from '../../src/lib/json.ts';
import { isSameJson } from '../../src/lib/same-json.ts';

const someJson = fc
  .jsonValue()
  .map((value) => value as Json)
  .filter((value) => canonicalJson(value) !== '');

test('a copy is what reading the text of the value again would bring', () => {
  fc.assert(
    fc.property(someJson, (value) => {
      expect(copyJson(value)).toStrictEqual(JSON.parse(canonicalJson(value)));
    }),
    { numRuns: 1_000, seed: 20_260_104 },
  );
});

test('members without a value are left out, and __proto__ is a key like any other', () => {
  expect(copyJson({ a: undefined, b: [{ c: undefined }] } as never)).toStrictEqual({ b: [{}] });
  const copy = copyJson(JSON.parse('{"__proto__":{"admin":true}}'));
  expect(copy.admin).toBeUndefined();
  expect(JSON.stringify(copy)).toBe('{"__proto__":{"admin":true}}');
});

test('what changes later does not change the copy, except in what is nobody else’s', () => {
  const own = { a: 1 };
  const value = { own, other: { b: [1] } };
  const copy = copyJson(value, new Map([[own, '{"a":1}']]));
  value.other.b.push(2);
  expect(copy).toStrictEqual({ own: { a: 1 }, other: { b: [1] } });
  expect(copy.own).toBe(own);
});

test('values are the same only where their canonical forms are', () => {
  const changed = fc.tuple(someJson, someJson, fc.boolean());
  fc.assert(
    fc.property(changed, ([a, b, isCopied]) => {
      const other = isCopied ? (JSON.parse(canonicalJson(a)) as Json) : b;
      const left = { a, b: [b, a] };
      const right = { a: other, b: [b, other] };
      expect(isSameJson(left, right)).toBe(canonicalJson(left) === canonicalJson(right));
    }),
    { numRuns: 1_000, seed: 20_260_105 },
  );
  const unlike: readonly (readonly [unknown, unknown])[] = [
    [{ a: undefined }, { b: undefined }],
    [{ a: undefined }, { a: undefined }],
    [{ toString: 'x' }, { b: 'x' }],
    [{ a: 1 }, { b: 1 }],
    [[1], { 0: 1 }],
    [[], {}],
    [null, {}],
    [new Date(0), new Date(1)],
    [{ a: new Date(0) }, { a: {} }],
    [1, '1'],
  ];
  for (const [a, b] of unlike) expect(isSameJson(a as Json, b as Json)).toBe(false);
});
