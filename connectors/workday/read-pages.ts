import { z } from 'zod';
import type { ExecutionContext, ExecutionResult } from '../../src/connector/contract.ts';
import type { HttpCall } from '../../src/connector/http/http-client.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';

/** The vendor's own maximum: "The default is 20. The maximum is 100." */
const PAGE_ITEMS = 100;
/** A system that answers a few items at a time cannot keep a call going for ever. */
const MOST_PAGES = 40;

const pageBody = z.object({ total: z.int().min(0).optional(), data: z.array(z.unknown()).default([]) });

type Page = z.output<typeof pageBody>;

const readPage = httpExecution<HttpCall>({
  request: (call) => call,
  repeatable: true,
  result: (reply) => pageBody.parse(reply.body),
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
  const items: unknown[] = [];
  let total = 0;
  for (let page = 0; page < MOST_PAGES && items.length < limit; page++) {
    const size = Math.min(PAGE_ITEMS, limit - items.length);
    const query = { ...call.query, limit: size, offset: offset + items.length };
    const answer = await readPage({ ...call, query }, context);
    if (answer.status === 'failed') return { ...answer, exposed: answer.exposed || items.length > 0 };
    if (answer.status !== 'succeeded') return answer;
    const { data, total: reported } = answer.result as Page; // readPage has parsed it
    items.push(...data.slice(0, size));
    total = Math.max(reported ?? 0, offset + items.length);
    if (data.length === 0 || offset + items.length >= total) break;
  }
  const next = offset + items.length;
  return {
    status: 'succeeded',
    result: { total, [as]: items, ...(next < total && items.length > 0 && { nextOffset: next }) },
  };
}
