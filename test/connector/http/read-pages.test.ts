import { describe, expect, it, test } from 'vitest';
import type { HttpCall, HttpClient } from '../../../src/connector/http/http-client.ts';
import { linkOf } from '../../../src/connector/http/link-header.ts';
import { nextPathPages, nextUrlPages } from '../../../src/connector/http/next-url-pages.ts';
import {
  cursorPages,
  fieldOfBody,
  graphqlPages,
  itemsAt,
  linkPages,
  numberedPages,
  offsetPages,
} from '../../../src/connector/http/page-dialects.ts';
import { type PageCursor, type PageDialect, readPages } from '../../../src/connector/http/read-pages.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { isJsonObject } from '../../../src/lib/json.ts';
import { never } from './loopback.ts';

interface Answer {
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

/** Reads from a system that answers with this function, and notes what it was asked. */
async function readFrom(
  dialect: PageDialect,
  answer: (call: HttpCall, index: number) => Answer | 'refused',
  budget: {
    readonly limit?: number;
    readonly from?: PageCursor;
    readonly call?: HttpCall;
    readonly pages?: number;
  } = {},
) {
  const calls: HttpCall[] = [];
  const http: HttpClient = {
    send: async (call) => {
      const given = answer(call, calls.push(call) - 1);
      if (given === 'refused') return { ok: false, class: 'refused', detail: 'no' };
      return { ok: true, reply: { status: 200, headers: given.headers ?? {}, body: given.body } };
    },
  };
  const { limit = 5, call = { method: 'GET', path: '/list', query: { q: 'x' } }, ...rest } = budget;
  const context = { http, actionId: 'a', clock: systemClock, signal: never };
  const result = await readPages({ dialect, call, limit, pageItems: 2, ...rest }, context);
  return { result, calls };
}

const ALL = [1, 2, 3, 4, 5];
const from = (index: number, size: number) => ALL.slice(index, index + size);
const query = (call: HttpCall, name: string) => Number(call.query?.[name] ?? 0);
const all = { status: 'read', items: ALL };

const cursor = cursorPages({ cursor: 'after', size: 'limit', items: itemsAt('items'), next: fieldOfBody('next') });
const offset = offsetPages({ offset: 'offset', size: 'limit', items: itemsAt('items'), total: fieldOfBody('total') });
const link = linkPages({ cursor: 'after', size: 'limit', items: itemsAt() });
const numbered = numberedPages({ page: 'page', size: 'per_page', pageItems: 2, items: itemsAt('items') });
const nextUrl = nextUrlPages({
  next: fieldOfBody('@odata.nextLink'),
  items: itemsAt('value'),
  size: '$top',
  cursors: ['$skiptoken'],
});
const nextPath = nextPathPages({
  next: fieldOfBody('nextRecordsUrl'),
  items: itemsAt('records'),
  below: '/v60.0/query/',
});
const graphql = graphqlPages((data) => (isJsonObject(data) ? data['issues'] : undefined));
const variables = (call: HttpCall) => Object((call.body as { variables?: object } | undefined)?.variables);

const DIALECTS: readonly [string, PageDialect, (call: HttpCall, index: number) => Answer, HttpCall?][] = [
  [
    'links',
    link,
    (call) => {
      const at = query(call, 'after');
      const next = `<https://elsewhere.example/other?after=${at + 2}>; rel="next"`;
      return { body: from(at, 2), headers: at + 2 < 5 ? { link: `<https://x/>; rel="self", ${next}` } : {} };
    },
  ],
  [
    'a cursor in the body',
    cursor,
    (call) => {
      const at = query(call, 'after');
      return { body: { items: from(at, 2), next: at + 2 < 5 ? String(at + 2) : '' } };
    },
  ],
  [
    'offset and total',
    offset,
    (call) => ({ body: { items: from(query(call, 'offset'), query(call, 'limit')), total: 5 } }),
  ],
  ['the number of a page', numbered, (call) => ({ body: { items: from((query(call, 'page') - 1) * 2, 2) } })],
  [
    'a whole next address',
    nextUrl,
    (call) => {
      const at = query(call, '$skiptoken');
      const next = `https://system.example/list?q=x&$skiptoken=${at + 2}`;
      return { body: { value: from(at, 2), ...(at + 2 < 5 && { '@odata.nextLink': next }) } };
    },
  ],
  [
    'a next path',
    nextPath,
    (call) => {
      const at = Number(call.path.split('-')[1] ?? 0);
      return { body: { records: from(at, 2), ...(at + 2 < 5 && { nextRecordsUrl: `/v60.0/query/01g-${at + 2}` }) } };
    },
  ],
  [
    'GraphQL connections',
    graphql,
    (call) => {
      const at = Number(variables(call).after ?? 0);
      const pageInfo = { hasNextPage: at + 2 < 5, endCursor: String(at + 2) };
      return { body: { data: { issues: { nodes: from(at, 2), pageInfo } } } };
    },
    { method: 'POST', path: '/graphql', body: { query: '{ issues }', variables: { filter: 'open' } } },
  ],
];

describe.each(DIALECTS)('a list paged by %s', (_, dialect, answer, call) => {
  const budget = call === undefined ? {} : { call };

  it('is read to its end, each item once', async () => {
    const { result, calls } = await readFrom(dialect, answer, { ...budget, limit: 100 });
    expect(result).toMatchObject(all);
    expect(result).toMatchObject({ next: undefined });
    expect(calls.length).toBeGreaterThanOrEqual(3);
  });

  it('goes on where a budget of requests ended it', async () => {
    const first = await readFrom(dialect, answer, { ...budget, pages: 1 });
    if (first.result.status !== 'read' || first.result.next === undefined) throw new Error('it did not say where');
    const second = await readFrom(dialect, answer, { ...budget, from: first.result.next });
    expect([...first.result.items, ...(second.result.status === 'read' ? second.result.items : [])]).toEqual(ALL);
  });

  it('is no answer at all when one page fails', async () => {
    const { result } = await readFrom(
      dialect,
      (asked, index) => (index === 1 ? ('refused' as never) : answer(asked, index)),
      budget,
    );
    expect(result).toMatchObject({ status: 'failed', exposed: true });
    expect(result).not.toHaveProperty('items');
  });

  it('stays on the path and keeps what the call asked for', async () => {
    const { calls } = await readFrom(dialect, answer, budget);
    for (const asked of calls) {
      expect(asked.path).toMatch(/^\/(?:list|graphql|v60\.0\/query\/[\w-]+)$/);
      if (asked.path === '/list') expect(asked.query).toMatchObject({ q: 'x' });
      if (asked.path === '/graphql') expect(variables(asked)).toMatchObject({ filter: 'open' });
    }
  });
});

describe('a system that pages dishonestly', () => {
  it.each<[string, PageDialect, (call: HttpCall, index: number) => Answer]>([
    ['leads back to the same cursor', cursor, () => ({ body: { items: [1], next: 'again' } })],
    ['leads back in a circle', cursor, (_, index) => ({ body: { items: [1], next: ['a', 'b'][index % 2] } })],
    ['answers no list', cursor, () => ({ body: { items: 'all of them' } })],
    ['answers a cursor that is none', cursor, () => ({ body: { items: [1], next: { a: 1 } } })],
    ['counts a negative total', offset, () => ({ body: { items: [1], total: -1 } })],
    ['counts an absurd total', offset, () => ({ body: { items: [1], total: 1e300 } })],
    [
      'changes what was asked',
      nextUrl,
      () => ({ body: { value: [1], '@odata.nextLink': '/list?q=other&$skiptoken=1' } }),
    ],
    ['leads to another path', nextUrl, () => ({ body: { value: [1], '@odata.nextLink': '/secrets?$skiptoken=1' } })],
    ['leads out of its path', nextPath, () => ({ body: { records: [1], nextRecordsUrl: '/v60.0/query/../sobjects' } })],
    ['leads to another host', nextPath, () => ({ body: { records: [1], nextRecordsUrl: 'https://evil.example/a' } })],
    [
      'promises more without saying where',
      graphql,
      () => ({ body: { data: { issues: { nodes: [1], pageInfo: { hasNextPage: true, endCursor: null } } } } }),
    ],
  ])('and %s gets no answer through', async (_, dialect, answer) => {
    const { result } = await readFrom(dialect, answer, { limit: 100 });
    expect(result).toMatchObject({ status: 'failed', code: 'RESPONSE_UNEXPECTED' });
  });

  test('by a total that it never reaches ends the read', async () => {
    const { result, calls } = await readFrom(offset, () => ({ body: { items: [], total: 9 } }), { limit: 100 });
    expect(result).toMatchObject({ status: 'read', items: [], total: 9 });
    expect(calls).toHaveLength(1);
  });

  test('by more items than were asked for is cut where an offset says how to go on', async () => {
    const { result } = await readFrom(
      offset,
      (call) => ({ body: { items: ALL.slice(query(call, 'offset')), total: 5 } }),
      { limit: 2 },
    );
    expect(result).toMatchObject({ items: [1, 2], next: 2 });
  });
});

test.each([
  ['-1', offset],
  ['x', numbered],
  ['../sobjects', nextPath],
])('an agent that hands in the cursor %j reaches nothing with it', async (cursorGiven, dialect) => {
  const attempt = readFrom(dialect, () => ({ body: {} }), { from: cursorGiven });
  expect((await attempt).result).toMatchObject({ status: 'failed', code: 'INVALID_INPUT' });
});

test('an agent cannot put other parameters into the cursor of a next address', async () => {
  const { calls } = await readFrom(nextUrl, () => ({ body: { value: [] } }), {
    from: '$skiptoken=1&q=all&$expand=secrets',
  });
  expect(calls[0]?.query).toEqual({ q: 'x', $top: 2, $skiptoken: '1' });
});

describe('the next link', () => {
  test.each([
    [undefined, undefined],
    ['', undefined],
    ['<https://o.example/users?limit=200>; rel="self"', undefined],
    [
      '<https://o.example/users>; rel="self", <https://o.example/users?after=1>; rel="next"',
      'https://o.example/users?after=1',
    ],
    ['<https://o.example/a?after=x%2By%3D>; rel=next', 'https://o.example/a?after=x%2By%3D'],
    ['<https://o.example/a?q=a,b&after=2>; title="x"; rel="prev next"', 'https://o.example/a?q=a,b&after=2'],
    ['<https://o.example/a?after=1>; rel="nextish"', undefined],
    ['no link at all', undefined],
  ])('of %j is %j', (header, expected) => {
    expect(linkOf(header, 'next')).toBe(expected);
  });
});
