import { InterlockError } from '../../lib/errors.ts';
import type { HttpCall, HttpReply } from './http-client.ts';
import type { ItemsOf } from './page-dialects.ts';
import type { PageDialect } from './read-pages.ts';

interface NextUrl {
  /** The address of the next page, absolute or from the root; undefined, null or '' on the last page. */
  readonly next: (reply: HttpReply) => unknown;
  readonly items: ItemsOf;
  readonly total?: ((reply: HttpReply) => number | undefined) | undefined;
  /** The parameter that holds the size of a page; left out where the system has none. */
  readonly size?: string | undefined;
  /**
   * Which parameters say where the list goes on, e.g. `$skiptoken`. They alone are taken over, and a next address that
   * changes one that the call itself set is refused: the answer would not be the one that was decided about.
   */
  readonly cursors: readonly string[];
}

/**
 * A whole address of the next page, as `@odata.nextLink`. It must have the path of the call, and only its cursors are
 * used, on the connector's own origin: neither the system nor an agent that hands a cursor in can choose more than a place.
 */
export function nextUrlPages({ next, items, total, size, cursors }: NextUrl): PageDialect {
  return {
    ask: (call, place) => ({
      ...call,
      query: {
        ...call.query,
        ...(size !== undefined && { [size]: place.size }),
        ...Object.fromEntries(cursorsIn(String(place.at ?? ''), cursors)),
      },
    }),
    read: (reply, _, call) => {
      const given = next(reply);
      const place = given === undefined || given === null || given === '' ? undefined : placeOf(given, call);
      if (place !== undefined) refuseChanges(place, call, size);
      const cursor = place === undefined ? undefined : cursorsIn(place, cursors).toString();
      if (cursor === '') throw new TypeError('a next address without a place');
      return { items: items(reply.body), next: cursor, total: total?.(reply) };
    },
  };
}

interface NextPath {
  readonly next: (reply: HttpReply) => unknown;
  readonly items: ItemsOf;
  readonly total?: ((reply: HttpReply) => number | undefined) | undefined;
  /** What every next path begins with, e.g. `/services/data/v60.0/query/`; one segment follows, and is the cursor. */
  readonly below: string;
}

const SEGMENT = /^[A-Za-z0-9_-]+$/;

/** A path whose last segment is the cursor, as `nextRecordsUrl`. */
export function nextPathPages({ next, items, total, below }: NextPath): PageDialect {
  return {
    ask: (call, { at }) => {
      if (at === undefined) return call;
      if (!SEGMENT.test(String(at))) throw new InterlockError('INVALID_INPUT', 'The cursor is none of this list.');
      const { query: _, ...rest } = call;
      return { ...rest, path: `${below}${at}` };
    },
    read: (reply) => {
      const given = next(reply);
      if (given === undefined || given === null || given === '')
        return { items: items(reply.body), next: undefined, total: total?.(reply) };
      if (typeof given !== 'string' || !given.startsWith(below) || !SEGMENT.test(given.slice(below.length)))
        throw new TypeError('a next path leads elsewhere');
      return { items: items(reply.body), next: given.slice(below.length), total: total?.(reply) };
    },
  };
}

/** The query of a next address with the path of the call. */
function placeOf(given: unknown, { path }: HttpCall): string {
  if (typeof given !== 'string') throw new TypeError('a next address is not a text');
  const url = new URL(given, 'https://system.invalid');
  if (url.pathname !== path) throw new TypeError('a next address leads elsewhere');
  return url.search;
}

function refuseChanges(search: string, call: HttpCall, size: string | undefined): void {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (name === size || value === undefined || !query.has(name)) continue;
    if (query.getAll(name).some((given) => given !== String(value)))
      throw new TypeError(`a next address changes ${name}`);
  }
}

function cursorsIn(search: string, names: readonly string[]): URLSearchParams {
  const query = new URLSearchParams(search);
  const kept = new URLSearchParams();
  for (const name of names) {
    const value = query.get(name);
    if (value !== null) kept.set(name, value);
  }
  return kept;
}
