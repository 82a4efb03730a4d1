import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import type { Json } from '../../../src/lib/json.ts';
import { bodyOf, type Records, type Route, refuse, reply, type SimulatedCall, type Tenant, textsIn } from './tenant.ts';

type Row = { readonly [field: string]: Json };

/** The conditions that the connector writes, joined by `+`; anything else is refused as Falcon refuses it. */
function matcherOf(filter: string | null): ((row: Row) => boolean) | undefined {
  if (filter === null || filter === '') return () => true;
  const parsed = filter
    .split('+')
    .map((term) => /^([a-z][a-z0-9_.]*):(!|>=|<=|>|<)?(?:'([^']*)'|([\w.]+))$/.exec(term));
  if (parsed.some((term) => term === null)) return undefined;
  return (row) =>
    parsed.every((term) => {
      const [, field = '', operator = '', quoted, bare] = term ?? [];
      const wanted = quoted ?? bare ?? '';
      const has = String(row[field] ?? '');
      switch (operator) {
        case '!':
          return has !== wanted;
        case '>':
          return has > wanted;
        case '>=':
          return has >= wanted;
        case '<':
          return has < wanted;
        case '<=':
          return has <= wanted;
        default:
          return has === wanted;
      }
    });
}

interface Query {
  readonly path: string;
  readonly of: (tenant: Tenant) => Records;
  readonly paging: 'scroll' | 'offset' | 'after';
  /** Whether it answers the records, or their ids. */
  readonly whole?: boolean;
}

export function queryRoute({ path, of, paging, whole = false }: Query): Route {
  return { method: 'GET', path, handle: (call) => page(call, { rows: of(call.tenant), paging, whole }) };
}

function page(
  { request: { query } }: SimulatedCall,
  { rows, paging, whole }: { readonly rows: Records; readonly paging: Query['paging']; readonly whole: boolean },
): SimulatorResponse {
  const matches = matcherOf(query.get('filter'));
  if (matches === undefined) return refuse(400, 'invalid filter');
  const found = [...rows].filter(([, row]) => matches(row));
  const given = query.get(paging === 'after' ? 'after' : 'offset') ?? '';
  const from = paging === 'offset' ? Number(given || '0') : Number(Buffer.from(given, 'base64url').toString() || '0');
  const limit = Number(query.get('limit') ?? '100');
  if (!Number.isInteger(from) || !Number.isInteger(limit) || limit < 1) return refuse(400, 'invalid offset or limit');
  const to = Math.min(from + limit, found.length);
  const token = to < found.length ? Buffer.from(String(to)).toString('base64url') : '';
  const place = { scroll: { offset: token }, offset: { offset: from }, after: { after: token, offset: from } }[paging];
  const shown = found.slice(from, to).map(([id, row]) => (whole ? row : id));
  return reply(shown, { pagination: { ...place, limit, total: found.length } });
}

/** The second step: what ids in a body stand for. Unknown ids are left out. */
export function entitiesRoute(path: string, of: (tenant: Tenant) => Records, field = 'ids'): Route {
  return {
    method: 'POST',
    path,
    handle: (call) => reply(textsIn(bodyOf(call)[field]).flatMap((id) => of(call.tenant).get(id) ?? [])),
  };
}

/** The same by one `ids` of the query. */
export function oneRoute(path: string, of: (tenant: Tenant) => Records): Route {
  return {
    method: 'GET',
    path,
    handle: ({ tenant, request }) => reply(request.query.getAll('ids').flatMap((id) => of(tenant).get(id) ?? [])),
  };
}

export { matcherOf };
