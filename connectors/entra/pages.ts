import { z } from 'zod';
import type { Execute, ExecutionContext, ExecutionResult } from '../../src/connector/contract.ts';
import type { HttpCall } from '../../src/connector/http/http-client.ts';
import { failedOf } from '../../src/connector/http/http-execution.ts';

/** Requests of one action. */
const PAGES = 20;
/** The most that one page of a directory collection holds [doc: paging]. */
const PAGE_ITEMS = 999;

const page = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() });

export interface Listed {
  readonly items: readonly unknown[];
  /** There is more than was asked for, or than one action may read. */
  readonly truncated: boolean;
}

/** How many items a list answers at most. An agent gets no cursor: a nextLink is a query of its own. */
export const limit = z.int().min(1).max(5_000).default(100);

/**
 * Reads a collection by its nextLinks, each followed whole [doc], as long as it stays on the path that was asked for.
 * The host of a link is not used at all, so none can lead elsewhere. Answers how it failed where any page did: a part
 * of a list is no list.
 */
export async function readPages(
  call: Omit<HttpCall, 'method'>,
  { limit, context }: { readonly limit: number; readonly context: ExecutionContext },
): Promise<Listed | ExecutionResult> {
  const items: unknown[] = [];
  let query: HttpCall['query'] = { ...call.query, $top: Math.min(PAGE_ITEMS, limit) };
  for (let pages = 0; pages < PAGES; pages++) {
    const answer = await context.http.send(
      { ...call, method: 'GET', query },
      { repeatable: true, reads: true, signal: context.signal },
    );
    if (!answer.ok) return failedOf(answer, true);
    const read = page.safeParse(answer.reply.body);
    if (!read.success) return unexpected('The connector cannot read a page of the list.');
    items.push(...read.data.value);
    const link = read.data['@odata.nextLink'];
    if (link === undefined) return { items: items.slice(0, limit), truncated: items.length > limit };
    if (items.length >= limit) break;
    query = queryOf(link, call.path);
    if (query === undefined) return unexpected('The next page of the list is somewhere else.');
  }
  return { items: items.slice(0, limit), truncated: true };
}

function unexpected(detail: string): ExecutionResult {
  return { status: 'failed', code: 'RESPONSE_UNEXPECTED', detail, exposed: true };
}

function queryOf(link: string, path: string): HttpCall['query'] {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  return url?.pathname === path ? Object.fromEntries(url.searchParams) : undefined;
}

/** An operation that is one list. */
export function listExecution<I extends { readonly limit: number }>(
  callOf: (input: I) => Omit<HttpCall, 'method'>,
): Execute<I> {
  return async (input, context) => {
    const listed = await readPages(callOf(input), { limit: input.limit, context });
    return 'status' in listed ? listed : { status: 'succeeded', result: listed };
  };
}

/** What a list answers. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), truncated: z.boolean() });
}
