import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExactJson, stringifyExactJson } from '../../src/policy/exact-json.ts';

const SEED = 4;
const integer = fc
  .oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.bigInt(2n ** 53n - 4n, 2n ** 53n + 4n), fc.bigInt(-9n, 9n))
  .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    integer,
    fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
    fc.constantFrom('9223372036854775807', true, false, null, 0.5),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('json'), { maxKeys: 3 }),
  ),
}));

test('what is written is read as it was, integers of 64 bits included', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(parseExactJson(stringifyExactJson(value))).toEqual(value);
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});

describe('integers', () => {
  test.for([
    ['9007199254740991', 2 ** 53 - 1],
    ['9007199254740992', 2n ** 53n],
    ['9007199254740993', 2n ** 53n + 1n],
    ['-9223372036854775808', -(2n ** 63n)],
    ['[0,9223372036854775807]', [0, 2n ** 63n - 1n]],
  ] as const)('%s', ([text, value]) => {
    expect(parseExactJson(text)).toEqual(value);
    expect(stringifyExactJson(value)).toBe(text);
  });
});

test('what has no JSON is refused, as JSON.stringify does', () => {
  const circle: unknown[] = [1n];
  circle.push(circle);
  expect(() => stringifyExactJson(circle)).toThrow(TypeError);
  expect(() => parseExactJson('[9223372036854775807')).toThrow(SyntaxError);
});
