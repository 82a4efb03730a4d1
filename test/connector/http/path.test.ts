import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { path } from '../../../src/connector/http/path.ts';

describe('path', () => {
  it.each([
    ['a plain id', 'INC0010001', '/t/INC0010001/end'],
    ['a slash', 'a/b', '/t/a%2Fb/end'],
    ['a query', 'a?b=c', '/t/a%3Fb%3Dc/end'],
    ['a fragment', 'a#b', '/t/a%23b/end'],
    ['an encoded traversal', '%2e%2e', '/t/%252e%252e/end'],
    ['a backslash', '..\\x', '/t/..%5Cx/end'],
    ['an e-mail address', 'ann@example.com', '/t/ann%40example.com/end'],
    ['a number', 7, '/t/7/end'],
  ])('encodes %s as one segment', (_, value, expected) => {
    expect(path`/t/${value}/end`).toBe(expected);
  });

  it.each(['', '.', '..', 'a\u0000', 'a\nb', '\u007f', '\u0085', '\ud800'])('refuses %j', (value) => {
    expect(() => path`/t/${value}`).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  it('lets no value change the number of segments or the host', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        let made: string;
        try {
          made = path`/t/${value}/end`;
        } catch {
          return;
        }
        const url = new URL(`https://system.example${made}`);
        expect(url.host).toBe('system.example');
        expect(url.pathname).toBe(made);
        expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 't', value, 'end']);
      }),
    );
  });
});
