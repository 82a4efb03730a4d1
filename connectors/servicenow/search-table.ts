import { z } from 'zod';
import type { Execute } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { path } from '../../src/connector/http/path.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { type Condition, conditions, encodedQuery } from './encoded-query.ts';
import { DISPLAYED, readStep } from './table-call.ts';
import { type Columns, fieldsParameter, readRecord, recordSchema, rowsOf } from './table-record.ts';

const MOST_RECORDS = 500;
const DEFAULT_RECORDS = 20;
const PAGE_RECORDS = 100;
/** Pages can be empty although more follow: ServiceNow counts a page before it hides what may not be read. */
const MOST_PAGES = 10;
const MOST_OFFSET = 1_000_000;

/** The input of a search: conditions on listed columns, an order, and how much of the answer. */
export function searchInput(fields: readonly [string, ...string[]]) {
  return z.strictObject({
    where: conditions(fields),
    order_by: z.enum(fields).optional(),
    descending: z.boolean().optional(),
    limit: z.int().min(1).max(MOST_RECORDS).default(DEFAULT_RECORDS),
    offset: z.int().min(0).max(MOST_OFFSET).default(0),
  });
}

interface SearchInput {
  readonly where: readonly Condition[];
  readonly order_by?: string | undefined;
  readonly descending?: boolean | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** Records, and whether they are all: if not, the offset at which to go on. */
export function searchResult<const C extends Columns>(columns: C) {
  return z.object({
    records: z.array(recordSchema(columns)),
    more: z.boolean(),
    next_offset: z.int().optional(),
    total: z.int().optional(),
  });
}

interface Page {
  readonly rows: readonly JsonObject[];
  readonly isLast: boolean;
  readonly total: number | undefined;
}

/** Follows pages until the records wanted are there, the end, or the budget of pages. A page that fails fails the whole. */
export function searchTable<I extends SearchInput>(table: string, columns: Columns): Execute<I> {
  return async (input, context) => {
    const records: JsonObject[] = [];
    let offset = input.offset;
    let total: number | undefined;
    for (let pages = 0; pages < MOST_PAGES && records.length < input.limit; pages++) {
      const limit = Math.min(PAGE_RECORDS, input.limit - records.length);
      const page = await readStep(
        {
          request: () => pageCall(table, columns, { ...input, offset, limit }),
          result: (reply) => pageOf(columns, { reply, offset, limit }),
        },
        context,
      );
      if (!page.ok) return records.length > 0 ? { ...page.refusal, exposed: true } : page.refusal;
      records.push(...page.value.rows);
      total = page.value.total;
      offset += limit;
      if (page.value.isLast) return { status: 'succeeded', result: { records, more: false, total } };
    }
    return { status: 'succeeded', result: { records, more: true, next_offset: offset, total } };
  };
}

function pageCall(table: string, columns: Columns, { where, order_by, descending, limit, offset }: SearchInput) {
  const orderBy = { field: order_by ?? 'sys_created_on', descending: descending ?? order_by === undefined };
  return {
    method: 'GET',
    path: path`/api/now/table/${table}`,
    query: {
      ...DISPLAYED,
      sysparm_query: encodedQuery(where, orderBy),
      sysparm_fields: fieldsParameter(columns),
      sysparm_limit: limit,
      sysparm_offset: offset,
    },
  } as const;
}

interface PageReply {
  readonly reply: HttpReply;
  readonly offset: number;
  readonly limit: number;
}

/** The end is where the count says so; a short page is not the end. Without a count only an empty page is. */
function pageOf(columns: Columns, { reply, offset, limit }: PageReply): Page {
  const rows = rowsOf(reply.body).map((row) => readRecord(columns, row));
  const count = reply.headers['x-total-count'];
  const total = count !== undefined && /^\d{1,15}$/.test(count) ? Number(count) : undefined;
  return {
    rows: rows.slice(0, limit),
    isLast: total === undefined ? rows.length === 0 : offset + limit >= total,
    total,
  };
}
