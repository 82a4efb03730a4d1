import { z } from 'zod';
import { InterlockError } from '../../lib/errors.ts';
import { isJsonObject } from '../../lib/json.ts';
import type { HttpCall, HttpReply } from './http-client.ts';
import { linkOf } from './link-header.ts';
import type { PageCursor, PageDialect } from './read-pages.ts';

type Query = NonNullable<HttpCall['query']>;

/** Finds the list in a body; throws where there is none. */
export type ItemsOf = (body: unknown) => readonly unknown[];

/** The list under a name, or the body itself. A body without it is no page; `absent` takes it for an empty one. */
export function itemsAt(name?: string, absent: 'fails' | 'empty' = 'fails'): ItemsOf {
  return (body) => {
    const list = name === undefined ? body : recordOf(body)[name];
    if (list === undefined && absent === 'empty') return [];
    if (!Array.isArray(list)) throw new TypeError('a list is not a list');
    return list;
  };
}

interface CursorNames {
  /** The parameter that holds the cursor. */
  readonly cursor: string;
  /** The parameter that holds the size of a page; left out where the system has none. */
  readonly size?: string | undefined;
  readonly items: ItemsOf;
  /** Whether the read ends at an empty page, for systems that offer a next page for ever. */
  readonly emptyPauses?: boolean | undefined;
}

/** A link with rel="next" (RFC 8288), of which only the cursor is used: it can lead to no other host and no other path. */
export function linkPages(names: CursorNames): PageDialect {
  return cursorPages({
    ...names,
    next: ({ headers }) => queryOf(linkOf(headers['link'], 'next'))?.get(names.cursor) ?? undefined,
  });
}

/** A cursor in the reply that goes into a parameter of the next request. An empty cursor ends the list. */
export function cursorPages({
  cursor,
  size,
  items,
  emptyPauses = false,
  next,
}: CursorNames & { readonly next: (reply: HttpReply) => unknown }): PageDialect {
  return {
    ask: (call, place) => withQuery(call, { ...(size !== undefined && { [size]: place.size }), [cursor]: place.at }),
    read: (reply) => {
      const list = items(reply.body);
      const given = next(reply);
      if (given === undefined || given === null || given === '') return { items: list, next: undefined };
      const pauses = emptyPauses && list.length === 0;
      return { items: list, next: z.union([z.string(), z.number()]).parse(given), pauses };
    },
  };
}

/** The text or number under a name of the body, and under a name of that, and so on; for `next` of {@link cursorPages}. */
export function fieldOfBody(...names: readonly string[]): (reply: HttpReply) => unknown {
  return ({ body }) => names.reduce<unknown>((value, name) => (isJsonObject(value) ? value[name] : undefined), body);
}

const count = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const counted = (given: unknown): number | undefined => (given === undefined ? undefined : count.parse(given));

interface OffsetNames {
  readonly offset: string;
  readonly size: string;
  /** Of the first item: 0, or 1 as in SCIM. */
  readonly first?: 0 | 1 | undefined;
  readonly items: ItemsOf;
  /** How many there are; a negative or broken number fails the page. Undefined: the system does not say. */
  readonly total?: ((reply: HttpReply) => unknown) | undefined;
  /** Whether more follows, where the system says that instead. */
  readonly more?: ((reply: HttpReply) => unknown) | undefined;
  /** By what the offset grows: what came, or what was asked for, where the system hides items of a page. */
  readonly grows?: 'received' | 'asked' | undefined;
}

/** Offset and size. Without a total the list ends with an empty page; a short page is not the end. */
export function offsetPages({
  offset,
  size,
  first = 0,
  items,
  total,
  more,
  grows = 'received',
}: OffsetNames): PageDialect {
  const begin = (at: PageCursor | undefined) => (at === undefined ? first : placeIn(at));
  return {
    ask: (call, place) => withQuery(call, { [size]: place.size, [offset]: begin(place.at) }),
    read: (reply, place) => {
      const list = items(reply.body).slice(0, place.size);
      const next = begin(place.at) + (grows === 'asked' ? place.size : list.length);
      const reported = counted(total?.(reply));
      const goesOn = more?.(reply) ?? (reported === undefined ? list.length > 0 : next - first < reported);
      const stuck = grows === 'received' && list.length === 0;
      return { items: list, next: goesOn === true && !stuck ? next : undefined, total: reported };
    },
  };
}

interface NumberNames {
  readonly page: string;
  readonly size: string;
  /** The same for all pages: with another size the number would mean another place. */
  readonly pageItems: number;
  readonly first?: 0 | 1 | undefined;
  readonly items: ItemsOf;
  /** How many pages there are; left out where only an empty page shows the end. */
  readonly pages?: ((reply: HttpReply) => unknown) | undefined;
}

/** The number of a page. The last page may hold more items than were wanted. */
export function numberedPages({ page, size, pageItems, first = 1, items, pages }: NumberNames): PageDialect {
  const numberOf = (at: PageCursor | undefined) => (at === undefined ? first : placeIn(at));
  return {
    ask: (call, { at }) => withQuery(call, { [size]: pageItems, [page]: numberOf(at) }),
    read: (reply, { at }) => {
      const list = items(reply.body);
      const next = numberOf(at) + 1;
      const known = counted(pages?.(reply));
      const ends = list.length === 0 || (known !== undefined && next - first >= known);
      return { items: list, next: ends ? undefined : next };
    },
  };
}

/** GraphQL's connections: `first` and `after` are variables of the body; `connection` finds what holds nodes and pageInfo. */
export function graphqlPages(connection: (data: unknown) => unknown): PageDialect {
  const shape = z.object({
    nodes: z.array(z.unknown()),
    totalCount: count.optional(),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  });
  return {
    ask: (call, { at, size }) => {
      const body = recordOf(call.body ?? {});
      const variables = { ...recordOf(body['variables'] ?? {}), first: size, ...(at !== undefined && { after: at }) };
      // What was JSON stays JSON: a number and a string are added.
      return { ...call, body: { ...body, variables } as HttpCall['body'] };
    },
    read: ({ body }) => {
      const { nodes, pageInfo, totalCount } = shape.parse(connection(recordOf(body)['data']));
      const { hasNextPage, endCursor } = pageInfo;
      if (hasNextPage && (endCursor === undefined || endCursor === null)) throw new TypeError('a cursor is missing');
      return { items: nodes, next: hasNextPage ? (endCursor ?? undefined) : undefined, total: totalCount };
    },
  };
}

/** An agent may hand it in. */
function placeIn(at: PageCursor): number {
  const parsed = count.safeParse(at);
  if (!parsed.success) throw new InterlockError('INVALID_INPUT', 'The cursor is none of this list.');
  return parsed.data;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('not an object');
  return { ...value };
}

function queryOf(target: string | undefined): URLSearchParams | undefined {
  return target === undefined ? undefined : new URLSearchParams(target.split('#')[0]?.split('?')[1]);
}

/** Adds parameters of paging. A call that sets one of them itself would page somewhere else: a mistake of its author. */
function withQuery(call: HttpCall, added: Query): HttpCall {
  const taken = Object.keys(added).find((name) => call.query?.[name] !== undefined);
  if (taken !== undefined) throw new InterlockError('CONNECTOR_INVALID', `The call sets ${taken}, which pages set.`);
  return { ...call, query: { ...call.query, ...added } };
}
