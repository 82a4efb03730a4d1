import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderedKeys } from '../../src/lib/key-order.ts';

test('keys come in the order of their code units, whatever objects came before', () => {
  const names = fc.constantFrom('a', 'b', 'aa', 'B', '10', '9', 'é', '\u{1f600}', '\ufb33', '', 'length');
  const keys = fc.uniqueArray(fc.oneof(names, fc.string({ unit: 'binary' })), { maxLength: 70 });
  fc.assert(
    fc.property(fc.array(keys, { maxLength: 20 }), (shapes) => {
      for (const shape of [...shapes, ...shapes]) {
        const object = Object.fromEntries(shape.map((key) => [key, 1]));
        expect(orderedKeys(object).map(({ key }) => key)).toEqual(Object.keys(object).sort());
        expect(orderedKeys(object).map(({ label }) => label)).toEqual(
          Object.keys(object)
            .sort()
            .map((key) => `${JSON.stringify(key)}:`),
        );
      }
    }),
    { numRuns: 300, seed: 20_260_103 },
  );
});

test('objects of ever new shapes are ordered as well once no more orders are kept', () => {
  for (let count = 0; count < 5_000; count++) {
    const object = { [`z${count}`]: 1, [`a${count % 7}`]: 2, end: 3 };
    expect(orderedKeys(object).map(({ key }) => key)).toEqual([`a${count % 7}`, 'end', `z${count}`]);
  }
});

test('a key that holds half of a surrogate pair has no order, the second time either', () => {
  for (let count = 0; count < 2; count++)
    expect(() => orderedKeys({ a: 1, '\ud800': 2 })).toThrowError(expect.objectContaining({ code: 'MALFORMED_JSON' }));
});
