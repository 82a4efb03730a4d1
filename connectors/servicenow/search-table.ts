import { z } from 'zod';
import type { Execute } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { offsetPages } from '../../src/connector/http/page-dialects.ts';
import { path } from '../../src/connector/http/path.ts';
import { readPages } from '../../src/connector/http/read-pages.ts';
import { type Condition, conditions, encodedQuery } from './encoded-query.ts';
import { DISPLAYED } from './table-call.ts';
import { type Columns, fieldsParameter, readRecord, recordSchema, rowsOf } from './table-record.ts';

const MOST_RECORDS = 500;
const DEFAULT_RECORDS = 20;
const PAGE_RECORDS = 100;
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

/** Follows pages until the records wanted are there, the end, or the budget of pages. A page that fails fails the whole. */
export function searchTable<I extends SearchInput>(table: string, columns: Columns): Execute<I> {
  const dialect = offsetPages({
    offset: 'sysparm_offset',
    size: 'sysparm_limit',
    items: (body) => rowsOf(body).map((row) => readRecord(columns, row)),
    total: countOf,
    // A page is counted before what may not be read is hidden, so a short page is not the end.
    grows: 'asked',
  });
  return async (input, context) => {
    const call = searchCall(table, columns, input);
    const { limit, offset } = input;
    const read = await readPages({ dialect, call, limit, pageItems: PAGE_RECORDS, from: offset }, context);
    if (read.status !== 'read') return read;
    const { items: records, next, total } = read;
    const goesOn = next === undefined ? { more: false } : { more: true, next_offset: next };
    return { status: 'succeeded', result: { records, ...goesOn, total } };
  };
}

function searchCall(table: string, columns: Columns, { where, order_by, descending }: SearchInput) {
  const orderBy = { field: order_by ?? 'sys_created_on', descending: descending ?? order_by === undefined };
  return {
    method: 'GET',
    path: path`/api/now/table/${table}`,
    query: {
      ...DISPLAYED,
      sysparm_query: encodedQuery(where, orderBy),
      sysparm_fields: fieldsParameter(columns),
    },
  } as const;
}

/** Without a count that can be read only an empty page is the end. */
function countOf({ headers }: HttpReply): string | undefined {
  const count = headers['x-total-count'];
  return count !== undefined && /^\d{1,15}$/.test(count) ? count : undefined;
}
