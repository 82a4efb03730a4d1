import type { Execute, ExecutionContext, ExecutionResult } from '../../src/connector/contract.ts';
import type { HttpCall, HttpReply } from '../../src/connector/http/http-client.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import type { JsonObject } from '../../src/lib/json.ts';

/** Items of one request: what the spec recommends for users and groups. */
const PAGE_ITEMS = 200;

/** Requests of one action. What is left is there for the next action, by its cursor. */
const PAGES = 10;

interface PageInput {
  /** Items wanted altogether. */
  readonly limit: number;
  readonly after?: string | undefined;
}

interface PagedExecution<I> {
  /** Name of the list in the result; its neighbour `after` is the cursor of what follows. */
  readonly list: string;
  readonly call: (input: I) => HttpCall;
}

/**
 * Reads a list page by page until it has `limit` items, the list ends, or ten requests are made. Of Okta's next link
 * only the cursor is used, so no link can lead to another host or another path. An empty page ends the list, because
 * the System Log offers a next link for ever [spec: polling].
 */
export function pagedExecution<I extends PageInput>({ list, call }: PagedExecution<I>): Execute<I> {
  return async (input, context) => {
    const items: unknown[] = [];
    let after = input.after;
    for (let page = 0; page < PAGES && items.length < input.limit; page++) {
      const limit = Math.min(PAGE_ITEMS, input.limit - items.length);
      const answer = await readPage(withQuery(call(input), { limit, after }), context);
      if ('status' in answer) return answer;
      items.push(...answer.items);
      after = answer.after;
      if (after === undefined || answer.items.length === 0) break;
    }
    return { status: 'succeeded', result: { [list]: items, ...(after === undefined ? {} : { after }) } };
  };
}

interface Page {
  readonly items: readonly unknown[];
  readonly after: string | undefined;
}

async function readPage(call: HttpCall, context: ExecutionContext): Promise<Page | ExecutionResult> {
  let page: Page | undefined;
  const read = httpExecution<JsonObject>({
    request: () => call,
    repeatable: true,
    result: (reply) => {
      page = pageOf(reply);
      return page;
    },
  });
  const answer = await read({}, context);
  return answer.status === 'succeeded' && page !== undefined ? page : answer;
}

function pageOf({ body, headers }: HttpReply): Page {
  if (!Array.isArray(body)) throw new TypeError('a list is not a list');
  return { items: body, after: nextCursor(headers['link']) };
}

function withQuery(call: HttpCall, query: NonNullable<HttpCall['query']>): HttpCall {
  return { ...call, query: { ...call.query, ...query } };
}

/** The `after` of the link with rel="next" (RFC 8288); undefined on the last page. */
export function nextCursor(link: string | undefined): string | undefined {
  for (const [, target = '', parameters = ''] of (link ?? '').matchAll(/<([^>]*)>((?:\s*;[^,<]*)*)/g)) {
    if (!/;\s*rel="?next"?\s*(?:;|$)/i.test(parameters)) continue;
    return new URLSearchParams(target.split('?')[1]?.split('#')[0]).get('after') ?? undefined;
  }
  return undefined;
}
