import type { ExecutionContext, ExecutionResult } from '../../src/connector/contract.ts';
import type { HttpCall, HttpReply } from '../../src/connector/http/http-client.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { correlationOf } from './correlation.ts';
import { type Condition, encodedQuery } from './encoded-query.ts';
import type { Fields } from './table-effect.ts';
import { type Columns, fieldsParameter, readRecord, resultOf, rowsOf } from './table-record.ts';

/** Values as stored, references as plain sys_ids. */
export const STORED = { sysparm_display_value: 'false', sysparm_exclude_reference_link: 'true' } as const;
/** Stored values and what people see of them: names of references, entries of journals. */
export const DISPLAYED = { sysparm_display_value: 'all', sysparm_exclude_reference_link: 'true' } as const;

/** ServiceNow gives this header no meaning; it lets an access log or proxy tell which action a write belongs to. */
function traced(actionId: string): Readonly<Record<string, string>> {
  return { 'x-correlation-id': correlationOf(actionId) };
}

export function getCall(table: string, sysId: string, columns: Columns): HttpCall {
  return {
    method: 'GET',
    path: path`/api/now/table/${table}/${sysId}`,
    query: { ...DISPLAYED, sysparm_fields: fieldsParameter(columns) },
  };
}

export interface Insert {
  readonly table: string;
  readonly fields: Fields;
  readonly answer: Columns;
  readonly actionId: string;
}

export function insertCall({ table, fields, answer, actionId }: Insert): HttpCall {
  return {
    method: 'POST',
    path: path`/api/now/table/${table}`,
    query: { ...STORED, sysparm_fields: fieldsParameter(answer) },
    headers: traced(actionId),
    body: fields,
  };
}

export function patchCall({ sysId, table, fields, answer, actionId }: Insert & { readonly sysId: string }): HttpCall {
  return {
    method: 'PATCH',
    path: path`/api/now/table/${table}/${sysId}`,
    query: { sysparm_display_value: 'false', sysparm_fields: fieldsParameter(answer) },
    headers: traced(actionId),
    body: fields,
  };
}

export function deleteCall(table: string, sysId: string, actionId: string): HttpCall {
  return { method: 'DELETE', path: path`/api/now/table/${table}/${sysId}`, headers: traced(actionId) };
}

/** A call of another of ServiceNow's APIs, traced like the others. */
export function apiCall(
  call: Pick<HttpCall, 'method' | 'path'> & { readonly body: JsonObject; readonly actionId: string },
): HttpCall {
  return { method: call.method, path: call.path, headers: traced(call.actionId), body: call.body };
}

export function recordOf(columns: Columns): (reply: HttpReply) => JsonObject {
  return (reply) => readRecord(columns, resultOf(reply.body));
}

export interface Find {
  readonly table: string;
  /** Columns and the values that they must have; each column is among `columns`, or is `sys_id`. */
  readonly where: Fields;
  readonly columns: Columns;
}

/** What a step before or after the operation's own call came to; its refusal is the operation's. */
export type Step<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };
export type Refusal = Extract<ExecutionResult, { readonly status: 'failed' | 'unknown' }>;

const MOST_ROWS = 50;

/**
 * The rows with exactly these values, at most 50. ServiceNow leaves out the part of a query that it does not
 * understand and answers every row [doc: c_TableAPI.md]: a row with another value, or with a column that may not be
 * read, means that nothing is known, and fails with RESPONSE_UNEXPECTED.
 */
export async function findRows(
  { table, where, columns }: Find,
  context: ExecutionContext,
): Promise<Step<readonly JsonObject[]>> {
  const conditions = Object.entries(where).map(
    ([field, value]): Condition => ({ field, operator: 'equals', values: [value] }),
  );
  const rows = await readStep<readonly JsonObject[]>(
    {
      request: () => ({
        method: 'GET',
        path: path`/api/now/table/${table}`,
        query: {
          ...STORED,
          sysparm_query: encodedQuery(conditions),
          sysparm_fields: fieldsParameter(columns),
          sysparm_limit: MOST_ROWS,
        },
      }),
      result: (reply) => rowsOf(reply.body).map((row) => readRecord(columns, row)),
    },
    context,
  );
  if (!rows.ok) return rows;
  const isMeant = (row: JsonObject) => Object.entries(where).every(([column, value]) => row[column] === value);
  if (rows.value.every(isMeant)) return rows;
  const detail =
    'ServiceNow answered rows that were not asked for: a column of the query does not exist or may not be read.';
  return { ok: false, refusal: { status: 'failed', code: 'RESPONSE_UNEXPECTED', detail, exposed: false } };
}

interface ReadStep<T> {
  readonly request: () => HttpCall;
  readonly result: (reply: HttpReply) => T;
}

/** One read as part of a larger execution. */
export async function readStep<T>({ request, result }: ReadStep<T>, context: ExecutionContext): Promise<Step<T>> {
  const outcome = await httpExecution<undefined>({ request, repeatable: true, result })(undefined, context);
  // A read without `accepted` is never accepted; and httpExecution hands on what `result` returned.
  return outcome.status === 'failed' || outcome.status === 'unknown'
    ? { ok: false, refusal: outcome }
    : { ok: true, value: outcome.result as T };
}
