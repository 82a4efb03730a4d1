import { BOUNDS } from '../../lib/bounds.ts';
import type { Execute, ExecutionContext, ExecutionResult } from '../contract.ts';
import type { HttpCall, HttpReply } from './http-client.ts';
import { httpExecution } from './http-execution.ts';

/** Where a list goes on, in the dialect's own words: a token, an offset, the number of a page. */
export type PageCursor = string | number;

/** How many items the runner wants of the next page, and where it begins; `at` is undefined for the first. */
export interface PagePlace {
  readonly at: PageCursor | undefined;
  readonly size: number;
}

export interface Page {
  readonly items: readonly unknown[];
  /** Undefined: this was the last page. */
  readonly next: PageCursor | undefined;
  /** The list has no more for now, though it goes on: a log that is still written. */
  readonly pauses?: boolean | undefined;
  /** All items of the list, where the system counts them. */
  readonly total?: number | undefined;
}

/** One way of paging (`page-dialects.ts`). Neither function may change the call's path outside what it declares. */
export interface PageDialect {
  /** The call for one page. Throws INVALID_INPUT for a cursor that cannot be one. */
  readonly ask: (call: HttpCall, place: PagePlace) => HttpCall;
  /** Throws for a reply that is no page; the whole read then fails. */
  readonly read: (reply: HttpReply, place: PagePlace, call: HttpCall) => Page;
}

export interface PageBudget {
  /** Items wanted altogether. */
  readonly limit: number;
  /** Items of one request, at most. */
  readonly pageItems: number;
  /** Requests of one action; default {@link BOUNDS.pagedRequests}. */
  readonly pages?: number | undefined;
}

interface PagedRead extends PageBudget {
  readonly dialect: PageDialect;
  readonly call: HttpCall;
  /** Where to begin: the `next` of an earlier read. */
  readonly from?: PageCursor | undefined;
}

/** What was read. `next` is there where the list goes on, whatever ended the read: nothing is left out silently. */
export interface ReadPages {
  readonly status: 'read';
  readonly items: readonly unknown[];
  readonly next?: PageCursor | undefined;
  readonly total?: number | undefined;
}

/**
 * Reads a list page by page until `limit` items are there, the list ends, or a budget (requests, JSON characters) is
 * used up. A page that fails fails the whole: half a list is never an answer. So does one whose cursor was there
 * before (RESPONSE_UNEXPECTED), because such a list never ends.
 */
export async function readPages(read: PagedRead, context: ExecutionContext): Promise<ReadPages | ExecutionResult> {
  const { limit, pageItems, pages = BOUNDS.pagedRequests } = read;
  const items: unknown[] = [];
  const seen = new Set<PageCursor>();
  let at = read.from;
  let total: number | undefined;
  let characters = 0;
  for (let page = 0; page < pages && items.length < limit && characters < BOUNDS.pagedCharacters; page++) {
    if (at !== undefined) seen.add(at);
    const answer = await readPage(read, { at, size: Math.min(pageItems, limit - items.length) }, context);
    if ('status' in answer) return afterItems(answer, items.length);
    for (const item of answer.items) items.push(item);
    total = answer.total ?? total;
    at = answer.next;
    if (at === undefined || answer.pauses === true) break;
    if (seen.has(at)) return REPEATED;
    characters += JSON.stringify(answer.items).length;
  }
  return { status: 'read', items, next: at, total };
}

/** A list as an operation: `{ [as]: items, [next]?: cursor, total? }`. */
export function pagedExecution<I extends { readonly limit: number }>(declared: PagedExecution<I>): Execute<I> {
  const { as, next: nextAs = 'next', call, from, ...rest } = declared;
  return async (input, context) => {
    const read = await readPages({ ...rest, call: call(input), limit: input.limit, from: from(input) }, context);
    if (read.status !== 'read') return read;
    const { items, next, total } = read;
    const counted = total === undefined ? {} : { total };
    return { status: 'succeeded', result: { [as]: items, ...(next !== undefined && { [nextAs]: next }), ...counted } };
  };
}

interface PagedExecution<I> extends Omit<PageBudget, 'limit'> {
  /** Name of the list in the result. */
  readonly as: string;
  /** The result's field that says where it goes on; default `next`. */
  readonly next?: string | undefined;
  readonly call: (input: I) => HttpCall;
  /** What the input says of where to begin. */
  readonly from: (input: I) => PageCursor | undefined;
  readonly dialect: PageDialect;
}

const REPEATED: ExecutionResult = {
  status: 'failed',
  code: 'RESPONSE_UNEXPECTED',
  detail: 'A page leads to one that was read before, so the list never ends.',
  exposed: true,
};

async function readPage(
  { dialect, call }: PagedRead,
  place: PagePlace,
  context: ExecutionContext,
): Promise<Page | ExecutionResult> {
  let page: Page | undefined;
  const read = httpExecution<object>({
    request: () => dialect.ask(call, place),
    repeatable: true,
    // A search may be a POST; whoever pages says that it reads.
    reads: true,
    result: (reply) => {
      page = dialect.read(reply, place, call);
      return page;
    },
  });
  const answer = await read({}, context);
  return answer.status === 'succeeded' && page !== undefined ? page : answer;
}

/** What the pages before have shown stays shown. */
function afterItems(answer: ExecutionResult, items: number): ExecutionResult {
  return answer.status === 'failed' ? { ...answer, exposed: answer.exposed || items > 0 } : answer;
}
