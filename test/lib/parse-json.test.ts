import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InterlockError } from '../../src/lib/errors.ts';
import { parseJson, parseThoroughly } from '../../src/lib/parse-json.ts';
import { parsePlainJson } from '../../src/lib/parse-plain-json.ts';

const REFUSED: readonly (readonly [name: string, text: string, code: string])[] = [
  ['nothing', '', 'MALFORMED_JSON'],
  ['a bare word', 'nope', 'MALFORMED_JSON'],
  ['a trailing comma', '[1,]', 'MALFORMED_JSON'],
  ['a comment', '[1] // one', 'MALFORMED_JSON'],
  ['two values', '{} {}', 'MALFORMED_JSON'],
  ['a leading zero', '01', 'MALFORMED_JSON'],
  ['a hexadecimal number', '0x10', 'MALFORMED_JSON'],
  ['NaN', 'NaN', 'MALFORMED_JSON'],
  ['a byte order mark', '\ufeff{}', 'MALFORMED_JSON'],
  ['a control character in a string', '"a\u0001"', 'MALFORMED_JSON'],
  ['an unknown escape', '"\\x41"', 'MALFORMED_JSON'],
  ['an open string', '"abc', 'MALFORMED_JSON'],
  ['half a surrogate pair', '"\\ud800"', 'MALFORMED_JSON'],
  ['a single quote', "{'a':1}", 'MALFORMED_JSON'],
  ['a duplicate key', '{"name":"ok","name":"delete"}', 'DUPLICATE_KEY'],
  ['a duplicate key behind an escape', '{"a":1,"\\u0061":2}', 'DUPLICATE_KEY'],
  ['a duplicate key deep inside', '{"a":[{"b":{"c":1,"c":1}}]}', 'DUPLICATE_KEY'],
  ['an integer beyond 2^53', '9007199254740993', 'UNSAFE_NUMBER'],
  ['an integer beyond -2^53', '-9007199254740993', 'UNSAFE_NUMBER'],
  ['an infinite number', '1e400', 'UNSAFE_NUMBER'],
  ['a large exponent', '1e20', 'UNSAFE_NUMBER'],
  ['a number that would become zero', '1e-400', 'UNSAFE_NUMBER'],
  ['a prototype key', '{"__proto__":{"admin":true}}', 'FORBIDDEN_KEY'],
  ['an escaped prototype key', '{"\\u005f_proto__":1}', 'FORBIDDEN_KEY'],
  ['a Cedar entity escape', '{"a":{"__entity":{"type":"Agent","id":"admin"}}}', 'FORBIDDEN_KEY'],
  ['a Cedar extension escape', '{"__extn":{"fn":"ip","arg":"1.1.1.1"}}', 'FORBIDDEN_KEY'],
  ['a megabyte of nesting', '['.repeat(1_000_000), 'TOO_DEEP'],
  ['nesting of objects', '{"a":'.repeat(100_000), 'TOO_DEEP'],
  ['too many values', `[${'0,'.repeat(60_000)}0]`, 'TOO_DEEP'],
  ['more than a megabyte', `"${'a'.repeat(1_048_577)}"`, 'TOO_LARGE'],
];

describe('JSON from outside', () => {
  test.each(REFUSED)('refuses %s', (_name, text, code) => {
    expect(() => parseJson(text)).toThrowError(expect.objectContaining({ code }) as InterlockError);
  });

  test('reads what JSON.parse reads, for any JSON value without keys of special meaning', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        const ours = attempt(() => parseJson(text));
        if (ours instanceof InterlockError) {
          expect(['UNSAFE_NUMBER', 'FORBIDDEN_KEY', 'DUPLICATE_KEY', 'MALFORMED_JSON']).toContain(ours.code);
        } else {
          expect(ours).toEqual(JSON.parse(text, (_key, value) => (Object.is(value, -0) ? 0 : value)));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('never accepts what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[[\]{}",:0-9a-e.+\-\\ntrufls ]{0,30}$/), (text) => {
        if (!(attempt(() => parseJson(text)) instanceof InterlockError)) JSON.parse(text);
      }),
      { numRuns: 5_000 },
    );
  });

  test('gives an object no prototype tricks: an ordinary object with own members only', () => {
    expect(parseJson('{"toString":1,"hasOwnProperty":2}')).toEqual({ toString: 1, hasOwnProperty: 2 });
  });
});

describe('JSON that JSON.parse reads', () => {
  const key = fc.constantFrom('a', 'b', 'a b', '1', '', ':', '__proto__', '__entity', 'toString', '\\u0061', 'é', '😀');
  const number = fc.constantFrom(
    '0',
    '-0',
    '1',
    '-1.5',
    '1e2',
    '1e-400',
    '0e-1',
    '0.0',
    '9007199254740993',
    '1e400',
    '1e20',
  );
  const other = fc.constantFrom('true', 'null', '"a"', '"e-1"', '"\\n"', '"\\ud800"', '"\ud800"', '{}', '[]', '', ',');
  const document = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, number, other, tie('object'), tie('array')),
    object: fc
      .array(fc.tuple(key, tie('value')), { maxLength: 4 })
      .map((members) => `{${members.map(([name, value]) => `"${name}" :${value}`).join(',')}}`),
    array: fc.array(tie('value'), { maxLength: 4 }).map((items) => `[ ${items.join(',')}]`),
  })).value;

  test('is what the strict parser makes of it, and never what that refuses', () => {
    let [plain, refused] = [0, 0];
    const judge = (text: string): void => {
      const quick = parsePlainJson(text);
      const thorough = attempt(() => parseThoroughly(text));
      if (thorough instanceof InterlockError) refused += 1;
      if (quick === undefined) return;
      plain += 1;
      expect(quick).toStrictEqual(thorough);
    };
    fc.assert(fc.property(document, judge), { numRuns: 5_000 });
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), judge), { numRuns: 1_000 });
    expect(plain).toBeGreaterThan(1_000);
    expect(refused).toBeGreaterThan(1_000);
  });

  test.each(REFUSED.filter(([, text]) => text.length <= 1_048_576))('is not %s', (_name, text) => {
    expect(parsePlainJson(text)).toBeUndefined();
  });

  test.each([
    ['a duplicate key whose values are of different sizes', '{"a":{"b":"c","d":["e"]},"f":"g","a":1}'],
    ['a duplicate key that is a number', '{"1":1,"2":2,"1":3}'],
    ['a zero that was not', `{"a":0,"b":0.${'0'.repeat(400)}1}`],
    ['a negative zero', '[-0]'],
    ['as deep as no text may be', `${'['.repeat(200)}${']'.repeat(200)}`],
  ])('is not %s', (_name, text) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(parsePlainJson(text)).toBeUndefined();
  });

  test('is an ordinary call', () => {
    const call = {
      operation: 'notes.send',
      input: { to: 'ada', n: 0, at: 1.5, of: [true, null, { '10': 'é😀', '9': {} }] },
    };
    expect(parsePlainJson(JSON.stringify(call, undefined, 2))).toStrictEqual(call);
  });
});

function attempt<T>(read: () => T): T | InterlockError {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof InterlockError) return thrown;
    throw thrown;
  }
}
