import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InternedRefs, internedRef } from '../../../src/action/entity-ref.ts';
import { CedarDecimal, EntityRef, type PolicyValue } from '../../../src/action/policy-port.ts';
import { Members } from '../../../src/policy/compiled/members.ts';
import { valuesEqual } from '../../../src/policy/compiled/values-equal.ts';

const primitive = fc.oneof(
  fc.constantFrom('a', 'b', '1', 'true'),
  fc.integer({ min: -2, max: 2 }),
  fc.boolean(),
  fc.constantFrom(2n ** 60n),
);
const ref = fc
  .tuple(fc.constantFrom('Label', 'User'), fc.constantFrom('a', 'b', 'c'))
  .map(([type, id]) => new EntityRef(type, id));
const value: fc.Arbitrary<PolicyValue> = fc.letrec<{ value: PolicyValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    primitive,
    ref,
    fc.integer({ min: 0, max: 2 }).map((units) => new CedarDecimal(units)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('x', 'y'), tie('value'), { maxKeys: 2 }),
  ),
})).value;

/** In as many ways as a set can be given, asked again and again: the answer is the same when there is an index. */
const asSets = (elements: readonly PolicyValue[]) => [new Members(elements), new Members(new Set(elements))];

describe('a set', () => {
  test('holds what equals one of its elements, however often it is asked', () =>
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 20 }),
        fc.array(value, { minLength: 1, maxLength: 12 }),
        (elements, wanted) => {
          for (const set of asSets(elements)) {
            for (const one of [...wanted, ...elements]) {
              expect(set.has(one)).toBe(elements.some((element) => valuesEqual(element, one)));
            }
          }
        },
      ),
      { numRuns: 500, seed: 4 },
    ));

  test('holds all, or any, of another as one by one', () =>
    fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), fc.array(value, { maxLength: 12 }), (elements, others) => {
        const isIn = (one: PolicyValue) => elements.some((element) => valuesEqual(element, one));
        for (const set of asSets(elements)) {
          for (const other of asSets(others)) {
            expect(set.hasAll(other)).toBe(others.every(isIn));
            expect(set.hasAny(other)).toBe(others.some(isIn));
            expect(other.hasAny(set)).toBe(others.some(isIn));
          }
        }
      }),
      { numRuns: 300, seed: 5 },
    ));
});

describe('a set of interned refs', () => {
  const many = Array.from({ length: 50 }, (_, index) => internedRef('Label', `members-${index}`));
  test('holds a ref by value, interned or not', () => {
    const set = new Members(new InternedRefs(many));
    expect(set.has(internedRef('Label', 'members-7'))).toBe(true);
    expect(set.has(new EntityRef('Label', 'members-7'))).toBe(true);
    expect(set.has(new EntityRef('System', 'members-7'))).toBe(false);
    expect(set.has(new EntityRef('Label', 'members-never'))).toBe(false);
    expect(set.has('members-7')).toBe(false);
  });
  test('that a foreign ref was added to is looked through by value', () => {
    const refs = new InternedRefs(many);
    refs.add(new EntityRef('Label', 'members-foreign'));
    expect(refs.allInterned).toBe(false);
    for (let times = 0; times < 5; times++) {
      const set = new Members(refs);
      expect(set.has(new EntityRef('Label', 'members-foreign'))).toBe(true);
      expect(set.has(internedRef('Label', 'members-foreign'))).toBe(true);
    }
  });
});
