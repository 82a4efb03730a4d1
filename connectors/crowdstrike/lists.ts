import { z } from 'zod';
import type { Execute } from '../../src/connector/contract.ts';
import type { HttpCall } from '../../src/connector/http/http-client.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { cursorPages, fieldOfBody, itemsAt, offsetPages } from '../../src/connector/http/page-dialects.ts';
import { type PageDialect, pagedExecution, readPages } from '../../src/connector/http/read-pages.ts';
import { resourcesOf } from './envelope.ts';
import { conditions, fql } from './fql.ts';

const items = itemsAt('resources');

/** Hosts go on by a token that dies after two minutes [spec]. */
export const SCROLL: PageDialect = cursorPages({
  cursor: 'offset',
  size: 'limit',
  items,
  next: fieldOfBody('meta', 'pagination', 'offset'),
});
export const AFTER: PageDialect = cursorPages({
  cursor: 'after',
  size: 'limit',
  items,
  next: fieldOfBody('meta', 'pagination', 'after'),
});
export const OFFSET: PageDialect = offsetPages({
  offset: 'offset',
  size: 'limit',
  items,
  total: fieldOfBody('meta', 'pagination', 'total'),
});

/** Items of one request, and of one call of ours: what the entities of one further request can be. */
const PAGE_ITEMS = 100;

/** What every search takes. */
export const searchInput = z.strictObject({
  where: conditions.default([]),
  limit: z.int().min(1).max(PAGE_ITEMS).default(50),
  next: z.union([z.string().min(1).max(2_000), z.int().min(0)]).optional(),
});
type Search = z.output<typeof searchInput>;

const call = (path: string, { where }: Search): HttpCall => ({ method: 'GET', path, query: { filter: fql(where) } });

/** A list whose items come in one step. */
export function combined(as: string, path: string, dialect: PageDialect): Execute<Search> {
  const from = ({ next }: Search) => next;
  return pagedExecution<Search>({ as, call: (input) => call(path, input), from, dialect, pageItems: PAGE_ITEMS });
}

interface TwoSteps<T extends z.ZodType> {
  readonly as: string;
  /** Answers ids. */
  readonly queries: string;
  /** Answers what the ids stand for, by POST. */
  readonly entities: string;
  /** The field of the second request that holds the ids. */
  readonly field?: string;
  readonly item: T;
  readonly dialect: PageDialect;
}

/** Falcon's search in two steps: a query answers ids, a second call what they stand for. */
export function idsThenEntities<T extends z.ZodType>(steps: TwoSteps<T>): Execute<Search> {
  const { as, queries, entities, field = 'ids', item, dialect } = steps;
  return async (input, context) => {
    const { limit, next: from } = input;
    const found = await readPages({ dialect, call: call(queries, input), limit, from, pageItems: PAGE_ITEMS }, context);
    if (found.status !== 'read') return found;
    const ids = found.items.filter((id) => typeof id === 'string').slice(0, limit);
    const { next } = found;
    const rest = next === undefined ? {} : { next };
    if (ids.length === 0) return { status: 'succeeded', result: { [as]: [], ...rest } };
    const read = httpExecution<object>({
      request: () => ({ method: 'POST', path: entities, body: { [field]: ids } }),
      repeatable: true,
      reads: true,
      result: (reply) => ({ [as]: resourcesOf(reply, item), ...rest }),
    });
    return read({}, context);
  };
}

/** The result of a search. */
export function foundOutput<N extends string, T extends z.ZodType>(as: N, item: T) {
  const found = { [as]: z.array(item) } as { readonly [K in N]: z.ZodArray<T> }; // a computed name is a string to the compiler
  return z.object({ ...found, next: z.union([z.string(), z.number()]).optional(), total: z.number().optional() });
}
