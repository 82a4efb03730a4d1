import type { ExecutionContext, ExecutionResult } from '../../src/connector/contract.ts';
import type { HttpCall } from '../../src/connector/http/http-client.ts';
import { fieldOfBody, itemsAt, offsetPages } from '../../src/connector/http/page-dialects.ts';
import { readPages as readSharedPages } from '../../src/connector/http/read-pages.ts';

/** The vendor's own maximum: "The default is 20. The maximum is 100." */
const PAGE_ITEMS = 100;
/** A system that answers a few items at a time cannot keep a call going for ever. */
const MOST_PAGES = 40;

const dialect = offsetPages({
  offset: 'offset',
  size: 'limit',
  items: itemsAt('data', 'empty'),
  total: (reply) => fieldOfBody('total')(reply) ?? 0,
});

interface Pages {
  readonly call: HttpCall;
  readonly limit: number;
  readonly offset: number;
  /** The name of the list in the result, e.g. `workers`. */
  readonly as: string;
}

/**
 * Follows `limit` and `offset` until `limit` items are there, the list ends, or the bound of pages is reached. The
 * result is `{ total, [as]: items, nextOffset? }`; `nextOffset` is there where the list goes on.
 */
export async function readPages(
  { call, limit, offset, as }: Pages,
  context: ExecutionContext,
): Promise<ExecutionResult> {
  const budget = { limit, pageItems: PAGE_ITEMS, pages: MOST_PAGES };
  const read = await readSharedPages({ ...budget, call, dialect, from: offset }, context);
  if (read.status !== 'read') return read;
  const { items, next, total = 0 } = read;
  const result = { total: Math.max(total, offset + items.length), [as]: items };
  return { status: 'succeeded', result: { ...result, ...(next !== undefined && { nextOffset: next }) } };
}
