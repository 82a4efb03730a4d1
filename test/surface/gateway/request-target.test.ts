import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTarget } from '../../../src/surface/gateway/request-target.ts';

describe('the target of a request', () => {
  const READ = [
    ['/', { segments: [''], query: [] }],
    ['/a/b-c_d~e', { segments: ['a', 'b-c_d~e'], query: [] }],
    [
      '/a@b/c:d?x=1&y=%20z',
      {
        segments: ['a@b', 'c:d'],
        query: [
          ['x', '1'],
          ['y', ' z'],
        ],
      },
    ],
    ['/%C3%A9/a%20b?', { segments: ['é', 'a b'], query: [] }],
    ['/a?x=/b?c', { segments: ['a'], query: [['x', '/b?c']] }],
    ['/a?x=', { segments: ['a'], query: [['x', '']] }],
  ] as const;
  test.each(READ)('%s is read in its one way', (target, expected) => {
    expect(readTarget(target)).toEqual(expected);
  });

  const AMBIGUOUS = [
    '',
    '*',
    'a',
    'http://x/a',
    '//',
    '/a/',
    '//a',
    '/a//b',
    '/.',
    '/..',
    '/a/../b',
    '/a/./b',
    '/.a',
    '/a.',
    '/a%20',
    '/a;b',
    '/a%3Bb',
    '/a\\b',
    '/a%5cb',
    '/a%2fb',
    '/a%2Fb',
    '/%2e%2e/a',
    '/%61',
    '/%41',
    '/%30',
    '/%7e',
    '/%2D',
    '/%5F',
    '/a%25b',
    '/a%00',
    '/a%0a',
    '/a%7f',
    '/%c3',
    '/%ff',
    '/%e2%82',
    '/%zz',
    '/%',
    '/a b',
    '/é',
    '/a#b',
    '/a"b',
    '/a<b',
    '/%c2%80',
    '/a?x',
    '/a?=1',
    '/a?x=1&',
    '/a?&x=1',
    '/a?x=1;y=2',
    '/a?x=a+b',
    '/a?x=%',
    '/a?x=%00',
    '/a?x=[',
    '/a?x=a b',
    '/a?x=%ff',
    `/${'a'.repeat(9_000)}`,
  ];
  test.each(AMBIGUOUS)('%j is refused', (target) => {
    expect(() => readTarget(target)).toThrow(expect.objectContaining({ code: 'REQUEST_AMBIGUOUS' }));
  });

  const piece = fc.constantFrom(
    'a',
    'B',
    '0',
    '.',
    '..',
    '/',
    '//',
    ';',
    '\\',
    '%',
    '%2f',
    '%2e',
    '%25',
    '%61',
    '%20',
    '%C3%A9',
    '%c3',
    '+',
    '~',
    '@',
    ' ',
    '\t',
    '?',
    '=',
    '&',
    '#',
  );
  const target = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);

  test('whatever is read, another parser reads alike, and decoding it again changes nothing', () => {
    let read = 0;
    fc.assert(
      fc.property(target, (text) => {
        let found: ReturnType<typeof readTarget>;
        try {
          found = readTarget(text);
        } catch {
          return;
        }
        read++;
        // The URL standard's parser resolves dots, cuts fragments and turns backslashes: none of it may be left to do.
        const url = new URL(`http://host${text}`);
        const [path = ''] = text.split('?');
        expect(url.pathname).toBe(path);
        expect(url.hash).toBe('');
        expect(path.split('/').slice(1).map(decodeURIComponent)).toEqual(found.segments);
        expect([...url.searchParams]).toEqual(found.query);
        for (const segment of found.segments) expect(decodeURIComponent(segment)).toBe(segment);
      }),
      { seed: 7, numRuns: 20_000 },
    );
    expect(read).toBeGreaterThan(500);
  });
});
