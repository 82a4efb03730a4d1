import { describe, expect, it } from 'vitest';
import {
  errorListFailure,
  graphqlFailure,
  jsonRpcFailure,
  okFalseFailure,
} from '../../../src/connector/http/failure-inside-success.ts';
import { statusClass } from '../../../src/connector/http/status-class.ts';

describe('a refusal inside a success', () => {
  it.each([
    ['ok: false', okFalseFailure, { ok: false, error: 'not_in_channel' }, 'not_in_channel', false],
    ['ok: false without a word', okFalseFailure, { ok: false }, '', false],
    ['an error list', errorListFailure, { errors: [{ code: 403, message: 'no' }], resources: null }, '403', false],
    [
      'an error list beside results',
      errorListFailure,
      { errors: [{ code: 404, message: 'x' }], resources: ['a'] },
      '404',
      true,
    ],
    [
      'GraphQL errors',
      graphqlFailure,
      { errors: [{ message: 'no', extensions: { code: 'FORBIDDEN' } }], data: null },
      'FORBIDDEN',
      false,
    ],
    ['GraphQL errors beside data', graphqlFailure, { errors: [{ message: 'no' }], data: { a: 1, b: null } }, '', true],
    ['GraphQL errors beside empty data', graphqlFailure, { errors: [{ message: 'no' }], data: { a: null } }, '', false],
    [
      'a JSON-RPC error',
      jsonRpcFailure,
      { jsonrpc: '2.0', id: 1, error: { code: -32_602, message: 'no' } },
      '-32602',
      false,
    ],
    ['a tool that failed', jsonRpcFailure, { result: { isError: true, content: [] } }, 'isError', true],
  ] as const)('is seen: %s', (_, reader, body, code, partial) => {
    expect(reader(body)).toMatchObject({ code, partial });
  });

  it.each([
    [okFalseFailure, { ok: true }],
    [errorListFailure, { errors: [], resources: ['a'] }],
    [graphqlFailure, { data: { a: 1 } }],
    [graphqlFailure, { data: { a: 1 }, errors: [] }],
    [jsonRpcFailure, { result: { isError: false } }],
    [okFalseFailure, 'text'],
    [graphqlFailure, undefined],
  ])('is not seen where there is none', (reader, body) => {
    expect(reader(body)).toBeUndefined();
  });
});

it.each([
  [200, undefined],
  [204, undefined],
  [302, 'refused'],
  [401, 'credential'],
  [403, 'refused'],
  [404, 'refused'],
  [408, 'ambiguous'],
  [429, 'rate-limited'],
  [500, 'ambiguous'],
  [503, 'ambiguous'],
  [0, 'ambiguous'],
])('status %d is %s where the vendor says nothing else', (status, expected) => {
  expect(statusClass(status)).toBe(expected);
});
