import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/lib/json.ts';
import { matcherOf } from './matches.ts';
import type { Entry, TenantCall } from './tenant.ts';

/** An error as Graph sends it [doc: errors]. */
export function refuse(status: number, code: string, message: string): SimulatorResponse {
  return { status, body: { error: { code, message, innerError: { 'request-id': 'simulated' } } } };
}

export const notFound = (id: string | undefined): SimulatorResponse =>
  refuse(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
export const badRequest = (message: string): SimulatorResponse => refuse(400, 'Request_BadRequest', message);

export const ok = (body: Json): SimulatorResponse => ({ status: 200, body });
export const created = (body: Json): SimulatorResponse => ({ status: 201, body });
export const empty = (): SimulatorResponse => ({ status: 204 });

/** The properties that $select names; without it, all that are not for asking only. */
export function selected(entry: Entry, query: URLSearchParams): JsonObject {
  const names = query.get('$select')?.split(',');
  return Object.fromEntries(
    Object.entries(entry).filter(
      ([name]) =>
        name === 'id' ||
        name === '@odata.type' ||
        (names === undefined ? name !== 'assignedLicenses' : names.includes(name)),
    ),
  );
}

/** Small, so that lists have several pages: a server may give less than $top asks for. */
const PAGE_ITEMS = 4;

/** A page of a collection, filtered, with the nextLink of the rest. */
export function pageOf(entries: Iterable<Entry>, { query, origin, path }: TenantCall): SimulatorResponse {
  const filter = query.get('$filter');
  const matches = filter === null ? () => true : matcherOf(filter);
  if (matches === undefined) return badRequest(`Invalid filter clause: ${filter}`);
  const found = [...entries].filter(matches);
  const from = Number(query.get('$skiptoken') ?? 0);
  const to = from + Math.min(PAGE_ITEMS, Number(query.get('$top') ?? PAGE_ITEMS));
  const next = new URLSearchParams(query);
  next.set('$skiptoken', String(to));
  return ok({
    '@odata.context': `${origin}/v1.0/$metadata`,
    value: found.slice(from, to).map((entry) => selected(entry, query)),
    ...(to < found.length ? { '@odata.nextLink': `${origin}${path}?${next}` } : {}),
  });
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function asEntry(value: JsonObject): Entry {
  return { ...value };
}

export function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
