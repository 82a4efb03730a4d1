import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Obligation, Transformation } from '../../src/action/obligation.ts';
import { REDACTED } from '../../src/action/obligation.ts';
import { transform, transformationsOf } from '../../src/gate/transform.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';
import { schemaDeclaresPath } from '../../src/policy/schema-has-path.ts';

const NAMES = ['a', 'b', 'c', 'ssn'] as const;
const PATHS = ['result.a', 'result.a.b', 'result.a[*]', 'result.b[*].c', 'result.**.ssn', 'result.ssn', 'result.c'];

const leaf = fc.oneof(fc.string({ maxLength: 6 }), fc.integer({ min: -9, max: 99 }), fc.boolean(), fc.constant(null));
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 4 }),
  ),
}));
const document = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 4 });
const path = fc.constantFrom(...PATHS);
const transformation: fc.Arbitrary<Transformation> = fc.oneof(
  fc.record({ kind: fc.constantFrom('redact' as const, 'mask' as const, 'drop' as const), path }),
  fc.record({ kind: fc.constantFrom('limit' as const, 'cap' as const), path, max: fc.nat(5) }),
);
const several = fc.array(transformation, { minLength: 1, maxLength: 5 });

/** Every word and number somewhere in a value; a mask's and a redaction's own are none. */
function leavesOf(json: Json, found: Json[] = []): Json[] {
  if (Array.isArray(json)) for (const item of json) leavesOf(item, found);
  else if (isJsonObject(json)) for (const child of Object.values(json)) leavesOf(child, found);
  else found.push(json);
  return found;
}

function shown(before: JsonObject, obligations: readonly Obligation[]): JsonObject {
  return transform(before, transformationsOf(obligations, 'result'));
}

describe('transformations of a result', () => {
  test('change nothing more when they are applied again', () => {
    fc.assert(
      fc.property(document, several, (before, obligations) => {
        const once = shown(before, obligations);
        expect(shown(once, obligations)).toBe(once);
      }),
    );
  });

  test('never show what was not there: no field, no item, no value but marks, masks and caps', () => {
    fc.assert(
      fc.property(document, several, (before, obligations) => {
        const known = new Set(leavesOf(before));
        const caps = new Set(obligations.flatMap((each) => ('max' in each ? [each.max] : [])));
        const after = leavesOf(shown(before, obligations));
        for (const leaf of after) {
          const isMark =
            typeof leaf === 'string' && (leaf === REDACTED || /^[^\p{L}\p{N}]*(?:[Xx0][^\p{L}\p{N}]*)*$/u.test(leaf));
          expect(known.has(leaf) || isMark || (typeof leaf === 'number' && caps.has(leaf))).toBe(true);
        }
      }),
    );
  });

  test('say the same in whatever order the policies stand', () => {
    fc.assert(
      fc.property(document, several, (before, obligations) => {
        expect(shown(before, obligations.toReversed())).toEqual(shown(before, obligations));
      }),
    );
  });

  test('more of them never show more', () => {
    fc.assert(
      fc.property(document, several, transformation, (before, obligations, another) => {
        const visible = new Set(leavesOf(shown(before, obligations)).filter((leaf) => typeof leaf === 'string'));
        for (const leaf of leavesOf(shown(before, [...obligations, another]))) {
          const isMark =
            leaf === REDACTED || (typeof leaf === 'string' && /^[^\p{L}\p{N}]*(?:[Xx0][^\p{L}\p{N}]*)*$/u.test(leaf));
          if (typeof leaf === 'string' && !isMark) expect(visible.has(leaf)).toBe(true);
        }
      }),
    );
  });
});

describe('two obligations on one path', () => {
  const both = (a: Obligation, b: Obligation) => transformationsOf([a, b], 'input');
  const path = 'input.list';

  test.for([
    [{ kind: 'drop', path }, { kind: 'redact', path }, ['drop']],
    [{ kind: 'limit', path, max: 3 }, { kind: 'redact', path }, ['redact']],
    [{ kind: 'cap', path, max: 3 }, { kind: 'mask', path }, ['mask']],
    [{ kind: 'limit', path, max: 3 }, { kind: 'cap', path, max: 2 }, ['limit', 'cap']],
    [{ kind: 'limit', path, max: 3 }, { kind: 'limit', path, max: 2 }, ['limit']],
  ] as const)('leave the strictest: %j and %j', ([a, b, kinds]) => {
    expect(both(a, b).map(({ kind }) => kind)).toEqual(kinds);
    expect(both(b, a)).toEqual(both(a, b));
  });

  test('come to an end in one application, where one takes away what another leaves', () => {
    const obligations = both({ kind: 'drop', path: 'input.list[*]' }, { kind: 'redact', path });
    expect(transform({ list: [] }, obligations)).toEqual({});
  });

  test('do not make an input impossible, where one alone would not', () => {
    const obligations = both({ kind: 'redact', path: 'input.**.list' }, { kind: 'limit', path, max: 1 });
    expect(transform({ list: [1, 2] }, obligations)).toEqual({ list: REDACTED });
  });
});

describe('what a schema declares', () => {
  const schema = z.looseObject({ known: z.string(), list: z.array(z.looseObject({ name: z.string() })) });

  test.for([
    [['known'], true],
    [['list', 'name'], true],
    [['other'], false],
    [['list', 'other'], false],
  ] as const)('is what it names, not what it leaves open: %j', ([names, declared]) => {
    expect(
      schemaDeclaresPath(
        schema,
        names.map((name) => ({ kind: 'field', name }) as const),
      ),
    ).toBe(declared);
  });
});
