import type { Execute } from '../../src/connector/contract.ts';
import type { HttpCall } from '../../src/connector/http/http-client.ts';
import { itemsAt, linkPages } from '../../src/connector/http/page-dialects.ts';
import { pagedExecution as sharedPagedExecution } from '../../src/connector/http/read-pages.ts';

/** Items of one request: what the spec recommends for users and groups. */
const PAGE_ITEMS = 200;

/** An empty page ends the list, because the System Log offers a next link for ever [spec: polling]. */
const dialect = linkPages({ cursor: 'after', size: 'limit', items: itemsAt(), emptyPauses: true });

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

/** Reads a list by Okta's links, of which only the cursor is used. */
export function pagedExecution<I extends PageInput>({ list, call }: PagedExecution<I>): Execute<I> {
  const from = ({ after }: I) => after;
  return sharedPagedExecution<I>({ as: list, next: 'after', call, from, dialect, pageItems: PAGE_ITEMS });
}
