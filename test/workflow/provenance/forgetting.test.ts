import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bookOf, type Sight, send, traceTo } from './provenance-world.ts';

const filler = (count: number): Sight => ({
  read: Array.from({ length: count }, (_, at) => ({ email: `user${at}@x.org` })),
  authors: { default: 'system' },
});

describe('a workflow that has seen more than it remembers', () => {
  const mandate = { mandate: 'Write to ann@x.org.' };
  const record: Sight = { read: { email: 'bob@x.org' }, authors: { default: 'system' } };
  const limit = 200;

  test('remembers the order, and trusts nothing else for certain', () => {
    const sights = [mandate, record, filler(500)];
    expect(traceTo(sights, 'ann@x.org', limit).destinations).toEqual(['mandate']);
    expect(traceTo(sights, 'bob@x.org', limit).destinations).toEqual(['record', 'unknown']);
    expect(traceTo(sights, 'user499@x.org', limit).destinations).toEqual(['unknown']);
    expect(traceTo([mandate, record], 'bob@x.org', limit).destinations).toEqual(['record']);
  });

  test('says so, and takes no more memory', () => {
    const [some, many] = [bookOf([filler(500)], limit), bookOf([filler(5_000)], limit)];
    for (const book of [some, many]) book.takeIn();
    expect([some.overflowed, bookOf([record], limit).overflowed]).toEqual([true, false]);
    expect(many.bytes).toBe(some.bytes);
  });

  test('vouches for nothing that it would not vouch for with more memory', () => {
    const vouches = ['mandate', 'linked', 'record', 'listed', 'own'];
    const user = fc.integer({ min: 0, max: 60 }).map((at) => `user${at}@x.org`);
    fc.assert(
      fc.property(
        fc.array(user, { maxLength: 60 }),
        fc.integer({ min: 10, max: 400 }),
        user,
        (seen, limited, asked) => {
          const sights = seen.map((email): Sight => ({ read: { email }, authors: { default: 'system' } }));
          const small = bookOf(sights, limited).trace(send({ to: asked })).destinations;
          const whole = bookOf(sights).trace(send({ to: asked })).destinations;
          const trusted = (sources: readonly string[]) => sources.every((source) => vouches.includes(source));
          expect(trusted(small) && !trusted(whole)).toBe(false);
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });
});
