import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Obligation } from '../../src/action/obligation.ts';
import { formatUnless } from '../../src/policy/format-unless.ts';
import { parseUnless } from '../../src/policy/parse-unless.ts';

describe('parseUnless', () => {
  test.for<[string, readonly Obligation[]]>([
    ['redact(result.ssn)', [{ kind: 'redact', path: 'result.ssn' }]],
    ['mask(result.items[*].email)', [{ kind: 'mask', path: 'result.items[*].email' }]],
    ['drop(input.**.note)', [{ kind: 'drop', path: 'input.**.note' }]],
    ['limit(result.items, 0)', [{ kind: 'limit', path: 'result.items', max: 0 }]],
    ['cap( input.limit ,-3 )', [{ kind: 'cap', path: 'input.limit', max: -3 }]],
    ['approval(security)', [{ kind: 'approval', group: 'security', withinMs: 1_800_000 }]],
    ['approval(it-ops, within: 2h)', [{ kind: 'approval', group: 'it-ops', withinMs: 7_200_000 }]],
    ['fact(risk)', [{ kind: 'fact', name: 'risk', maxAgeMs: undefined, waitMs: 0 }]],
    ['fact(user.risk, wait: 500ms, maxAge: 5m)', [{ kind: 'fact', name: 'user.risk', maxAgeMs: 300_000, waitMs: 500 }]],
    ['delay(60s)', [{ kind: 'delay', delayMs: 60_000 }]],
    [
      'redact(result.a)\n and mask(result.b)',
      [
        { kind: 'redact', path: 'result.a' },
        { kind: 'mask', path: 'result.b' },
      ],
    ],
  ])('reads %s', ([text, obligations]) => {
    expect(parseUnless(text)).toEqual(obligations);
  });

  test.for([
    ['', 'column 1: expected redact'],
    ['   ', 'found the end'],
    ['erase(result.a)', 'column 1: expected redact'],
    ['redact result.a', 'column 8: expected "("'],
    ['redact(output.a)', 'column 8: the path "output.a" is not valid'],
    ['redact(result)', 'it names no field'],
    ['redact(result.a[0])', '"[0]" is not'],
    ['redact(result.a', 'column 16: expected ")"'],
    ['limit(result.a)', 'column 15: expected ","'],
    ['limit(result.a, -1)', 'how many items'],
    ['cap(input.a, 9007199254740993)', 'expected an integer'],
    ['approval()', 'the name of a group'],
    ['approval(sec, within: 30)', 'expected a duration'],
    ['approval(sec, within: 31d)', 'at most 30 days'],
    ['approval(sec, inside: 3m)', 'expected "within:"'],
    ['approval(sec, within: 3m, within: 4m)', 'expected ")"'],
    ['fact(a, maxAge: 1m, maxAge: 2m)', 'expected "wait:"'],
    ['redact(result.a) or mask(result.b)', 'column 18: expected "and"'],
    ['redact(result.a) and', 'found the end'],
  ] as const)('refuses "%s" and says where', ([text, message]) => {
    expect(() => parseUnless(text)).toThrowError(
      expect.objectContaining({ code: 'POLICY_INVALID', message: expect.stringContaining(message) }),
    );
  });

  const ms = fc.integer({ min: 0, max: 2_592_000_000 });
  const path = fc
    .tuple(
      fc.constantFrom('input', 'result'),
      fc.array(fc.constantFrom('.a', '.b_c', '[*]', '.**.d'), { minLength: 1 }),
    )
    .map(([root, steps]) => root + steps.join(''));
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
  const obligation: fc.Arbitrary<Obligation> = fc.oneof(
    fc.record({ kind: fc.constantFrom('redact' as const, 'mask' as const, 'drop' as const), path }),
    fc.record({ kind: fc.constantFrom('limit' as const, 'cap' as const), path, max: fc.nat() }),
    fc.record({ kind: fc.constant('approval' as const), group: name, withinMs: ms }),
    fc.record({ kind: fc.constant('fact' as const), name, maxAgeMs: fc.option(ms, { nil: undefined }), waitMs: ms }),
    fc.record({ kind: fc.constant('delay' as const), delayMs: ms }),
  );

  test('reads back whatever formatUnless writes', () => {
    fc.assert(
      fc.property(fc.array(obligation, { minLength: 1, maxLength: 5 }), (all) => {
        expect(parseUnless(formatUnless(all))).toEqual(all);
      }),
    );
  });
});
