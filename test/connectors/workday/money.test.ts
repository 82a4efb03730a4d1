import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalOf, minorUnitsOf } from '../../../connectors/workday/money.ts';

test.for([
  { minorUnits: 250_000, currency: 'USD', text: '2500.00' },
  { minorUnits: 5, currency: 'USD', text: '0.05' },
  { minorUnits: -105, currency: 'EUR', text: '-1.05' },
  { minorUnits: 2_500, currency: 'JPY', text: '2500' },
  { minorUnits: 2_500, currency: 'KWD', text: '2.500' },
])('$minorUnits minor units of $currency are $text', ({ minorUnits, currency, text }) => {
  expect(decimalOf({ minorUnits, currency })).toBe(text);
  expect(minorUnitsOf(text, currency)).toBe(minorUnits);
});

test('every amount comes back as it went', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.constantFrom('USD', 'JPY', 'KWD', 'CLF'), (minorUnits, currency) => {
      expect(minorUnitsOf(decimalOf({ minorUnits, currency }), currency)).toBe(minorUnits);
    }),
    { seed: 4_217 },
  );
});

test.for([
  ['2500', 'USD', 250_000],
  ['2500.5', 'USD', 250_050],
  ['2500.500', 'USD', 250_050],
  ['2500.505', 'USD', undefined],
  ['1.5', 'JPY', undefined],
  ['1e3', 'USD', undefined],
  ['1,000', 'USD', undefined],
  ['', 'USD', undefined],
  ['10', 'XXX', undefined],
  ['99999999999999999', 'USD', undefined],
] as const)('%s %s is %s minor units', ([text, currency, units]) => {
  expect(minorUnitsOf(text, currency)).toBe(units);
});
