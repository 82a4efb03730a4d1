import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { canonicalJson } from '../../src/lib/canonical-json.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import type { Json } from '../../src/lib/json.ts';
import { parseJson } from '../../src/lib/parse-json.ts';
import { strictCopy } from '../../src/lib/strict-copy.ts';

/** Values that code can hand over, among them what JSON cannot carry and what is refused in it. */
const handedOver = fc.anything({
  key: fc.oneof(fc.string(), fc.constantFrom('a', 'b', '__entity', 'constructor', '10', '9', '', '01', '!', ' 1')),
  values: [
    ...[fc.boolean(), fc.integer(), fc.double(), fc.string({ unit: 'binary' }), fc.constant(null)],
    ...[fc.constantFrom(2 ** 53, -0, Number.NaN, undefined, '\ud800', 'é', 1n, new Date(0)), fc.func(fc.nat())],
  ],
});

test('a copy is what parsing the canonical form of the value would bring, and refused where that would be', () => {
  let copied = 0;
  fc.assert(
    fc.property(handedOver, (value) => {
      const copy = outcome(() => {
        const { copy: own, text } = strictCopy(value as Json);
        expect(text).toBe(canonicalJson(value as Json));
        return own;
      });
      expect(copy).toEqual(outcome(() => parseJson(canonicalJson(value as Json))));
      copied += Number('value' in copy);
    }),
    { numRuns: 3_000, seed: 20_260_102 },
  );
  expect(copied).toBeGreaterThan(300);
});

test('nothing of a copy is in the hands of whoever handed the value over', () => {
  const value = { a: [{ b: 1 }], c: { d: [2] } };
  const { copy } = strictCopy(value);
  value.a.push({ b: 3 });
  value.c.d[0] = 4;
  expect(copy).toEqual({ a: [{ b: 1 }], c: { d: [2] } });
});

test('a value without an end is too deep', () => {
  const endless: Record<string, Json> = {};
  endless['self'] = endless;
  expect(() => strictCopy(endless)).toThrowError(expect.objectContaining({ code: 'TOO_DEEP' }));
  let deep: Json = 1;
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  expect(() => strictCopy(deep)).toThrowError(expect.objectContaining({ code: 'TOO_DEEP' }));
});

test('a value of too many parts is refused', () => {
  expect(() => strictCopy(Array<Json>(BOUNDS.jsonNodes).fill(0))).toThrowError(
    expect.objectContaining({ code: 'TOO_DEEP' }),
  );
  expect(strictCopy(Array<Json>(BOUNDS.jsonNodes - 1).fill(0)).copy).toHaveLength(BOUNDS.jsonNodes - 1);
});

/** Which of several things that are wrong is named may differ; that it is refused may not. */
function outcome(make: () => Json): { readonly value: Json } | { readonly refused: true } {
  try {
    return { value: make() };
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(InterlockError);
    return { refused: true };
  }
}
