import { z } from 'zod';
import type { Execute, ExecutionContext, ExecutionResult } from '../../src/connector/contract.ts';
import type { HttpCall } from '../../src/connector/http/http-client.ts';
import { failedOf } from '../../src/connector/http/http-execution.ts';
import { readBack } from './wire.ts';

/** Requests of one action. */
const PAGES = 20;
const PAGE_ITEMS = 100;

const page = z.object({
  totalResults: z.int().min(0),
  /** Where the page begins; 1 where the service does not say. */
  startIndex: z.int().optional(),
  Resources: z.array(z.unknown()).default([]),
});

export interface Listed {
  readonly items: readonly unknown[];
  /** How many there are altogether, as the service says. */
  readonly total: number;
}

/** Where a list begins, from 1, and how many it answers at most. */
export const window = {
  startIndex: z.int().min(1).max(1_000_000).default(1),
  limit: z.int().min(1).max(1_000).default(100),
};

interface Window {
  readonly startIndex: number;
  readonly limit: number;
}

/**
 * Reads a list by startIndex and count (RFC 7644 §3.4.2.4). A service may give less than was asked for, and one that
 * gives nothing has no more. Answers how it failed where any page did: a part of a list is no list.
 */
export async function readPages(
  call: Omit<HttpCall, 'method'>,
  { window: { startIndex, limit }, context }: { readonly window: Window; readonly context: ExecutionContext },
): Promise<Listed | ExecutionResult> {
  const items: unknown[] = [];
  let total = 0;
  for (let pages = 0; pages < PAGES && items.length < limit; pages++) {
    const count = Math.min(PAGE_ITEMS, limit - items.length);
    const query = { ...call.query, startIndex: startIndex + items.length, count };
    const answer = await readBack({ ...call, query }, context);
    if (!answer.ok) return failedOf(answer, true);
    const read = page.safeParse(answer.reply.body);
    const begins = read.data?.startIndex;
    // A service that begins elsewhere would give the same items again and again.
    if (!read.success || (begins !== undefined && begins !== query.startIndex))
      return { status: 'failed', code: 'RESPONSE_UNEXPECTED', detail: 'A page cannot be read.', exposed: true };
    total = read.data.totalResults;
    items.push(...read.data.Resources.slice(0, count));
    if (read.data.Resources.length === 0 || startIndex + items.length > total) break;
  }
  return { items, total };
}

/** An operation that is one list; `read` makes an item of what the service answers. */
export function listExecution<I extends Window>(
  callOf: (input: I) => Omit<HttpCall, 'method'>,
  read: (item: unknown) => unknown,
): Execute<I> {
  return async (input, context) => {
    const listed = await readPages(callOf(input), { window: input, context });
    if ('status' in listed) return listed;
    return { status: 'succeeded', result: { items: listed.items.map(read), total: listed.total } };
  };
}

/** What a list answers. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), total: z.number() });
}
