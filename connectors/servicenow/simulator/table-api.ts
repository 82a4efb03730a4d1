import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { isJsonObject } from '../../../src/lib/json.ts';
import { deleteRow, insertRow, updateRow } from './business-rules.ts';
import { presentationOf, presentRecord } from './present-record.ts';
import { runEncodedQuery } from './run-encoded-query.ts';
import { TABLE_COLUMNS } from './table-columns.ts';
import type { Row, Tables, Writer } from './tables.ts';
import { vendorError } from './vendor-error.ts';

const DEFAULT_LIMIT = 10_000;

interface TableCall {
  readonly request: SimulatorRequest;
  readonly origin: string;
  readonly table: string;
  readonly sysId: string | undefined;
}

/** `/api/now/table/{table}[/{sys_id}]`. */
export function answerTable(tables: Tables, call: TableCall, writer: Writer): SimulatorResponse {
  const { request, table, sysId } = call;
  if (!tables.has(table)) return vendorError(400, `Invalid table ${table}`, null);
  switch (request.method) {
    case 'GET':
      return sysId === undefined ? list(tables, call) : getOne(tables, { ...call, sysId });
    case 'POST':
      return sysId === undefined ? insert(tables, call, writer) : notAllowed();
    case 'PATCH':
    case 'PUT':
      return sysId === undefined ? notAllowed() : update(tables, { ...call, sysId }, writer);
    case 'DELETE':
      return sysId === undefined ? notAllowed() : remove(tables, { ...call, sysId }, writer);
    default:
      return notAllowed();
  }
}

type RecordCall = TableCall & { readonly sysId: string };

function notAllowed(): SimulatorResponse {
  return vendorError(405, 'Method not supported', null);
}

/** What an access rule of this instance hides from the integration. */
function isHidden(row: Row): boolean {
  return row['u_restricted'] === 'true';
}

function list(tables: Tables, { request, origin, table }: TableCall): SimulatorResponse {
  const { query } = request;
  const limit = Number(query.get('sysparm_limit') ?? DEFAULT_LIMIT);
  const offset = Number(query.get('sysparm_offset') ?? 0);
  const found = runEncodedQuery(tables.all(table), query.get('sysparm_query') ?? '', TABLE_COLUMNS.get(table) ?? []);
  // As documented, the page is cut before access rules are applied: it can be short although more follow.
  const rows = found.slice(offset, offset + limit).filter((row) => !isHidden(row));
  const presentation = presentationOf(query, origin);
  return {
    status: 200,
    headers: {
      ...linksOf(request, origin, { offset, limit, total: found.length }),
      ...(query.get('sysparm_no_count') === 'true' ? {} : { 'X-Total-Count': String(found.length) }),
    },
    body: { result: rows.map((row) => presentRecord(tables, row, presentation)) },
  };
}

function linksOf(
  { path, query }: SimulatorRequest,
  origin: string,
  page: { readonly offset: number; readonly limit: number; readonly total: number },
): Readonly<Record<string, string>> {
  if (query.get('sysparm_suppress_pagination_header') === 'true' || page.limit <= 0) return {};
  const last = Math.max(0, Math.ceil(page.total / page.limit) - 1) * page.limit;
  const offsets = {
    first: 0,
    ...(page.offset > 0 ? { prev: Math.max(0, page.offset - page.limit) } : {}),
    ...(page.offset < last ? { next: page.offset + page.limit } : {}),
    last,
  };
  const links = Object.entries(offsets).map(([relation, offset]) => {
    const target = new URLSearchParams(query);
    target.set('sysparm_offset', String(offset));
    return `<${origin}${path}?${target}>;rel="${relation}"`;
  });
  return { Link: links.join(',') };
}

function getOne(tables: Tables, { request, origin, table, sysId }: RecordCall): SimulatorResponse {
  const row = tables.get(table, sysId);
  if (row === undefined || isHidden(row))
    return vendorError(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");
  return { status: 200, body: { result: presentRecord(tables, row, presentationOf(request.query, origin)) } };
}

function insert(tables: Tables, { request, origin, table }: TableCall, writer: Writer): SimulatorResponse {
  const values = valuesOf(request);
  if (values === undefined) return vendorError(400, 'Exception while reading request', 'The payload is not valid JSON');
  const written = insertRow(tables, { table, values }, writer);
  if ('refusal' in written) return written.refusal;
  const { row } = written;
  writer.world.audit(`${table}.create`, `${table}/${row['sys_id']}`, correlationIn(request));
  return {
    status: 201,
    headers: { Location: `${origin}/api/now/table/${table}/${row['sys_id']}` },
    body: { result: presentRecord(tables, row, presentationOf(request.query, origin)) },
  };
}

function update(tables: Tables, { request, origin, table, sysId }: RecordCall, writer: Writer): SimulatorResponse {
  const values = valuesOf(request);
  if (values === undefined) return vendorError(400, 'Exception while reading request', 'The payload is not valid JSON');
  const row = tables.get(table, sysId);
  // The platform writes no record of which no column has another value.
  if (row !== undefined && Object.entries(values).every(([column, value]) => row[column] === value))
    return { status: 200, body: { result: presentRecord(tables, row, presentationOf(request.query, origin)) } };
  const written = updateRow(tables, { table, sysId, values }, writer);
  if ('refusal' in written) return written.refusal;
  writer.world.audit(`${table}.update`, `${table}/${sysId}`, correlationIn(request));
  return { status: 200, body: { result: presentRecord(tables, written.row, presentationOf(request.query, origin)) } };
}

function remove(tables: Tables, { request, table, sysId }: RecordCall, writer: Writer): SimulatorResponse {
  const refusal = deleteRow(tables, table, sysId);
  if (refusal !== undefined) return refusal;
  writer.world.audit(`${table}.delete`, `${table}/${sysId}`, correlationIn(request));
  return { status: 204 };
}

/** The body's fields as they are stored. */
export function valuesOf(request: SimulatorRequest): Row | undefined {
  if (!isJsonObject(request.body)) return undefined;
  return Object.fromEntries(
    Object.entries(request.body).map(([column, value]) => [
      column,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** What marks a call as one action's. */
export function correlationIn(request: SimulatorRequest): string | undefined {
  const inBody = isJsonObject(request.body) ? request.body['correlation_id'] : undefined;
  return typeof inBody === 'string' ? inBody : request.headers['x-correlation-id'];
}
