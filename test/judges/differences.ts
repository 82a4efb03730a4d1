import type { Recorded } from './recorder.ts';

/** Where two requests differ, as `body.profile.email: "a" ≠ "b"`; empty: nowhere that counts. */
export function differences(ours: Recorded, theirs: Recorded, credential: string): readonly string[] {
  return [
    ...unequal('method', ours.method, theirs.method),
    ...unequal('path', decodeURIComponent(ours.path), decodeURIComponent(theirs.path)),
    ...members('query', queryOf(ours), queryOf(theirs)),
    ...members('body', bodyOf(ours), bodyOf(theirs)),
    ...unequal(`header ${credential}`, placementOf(ours, credential), placementOf(theirs, credential)),
    ...(ours.body === '' && theirs.body === ''
      ? []
      : unequal('header content-type', mediaTypeOf(ours), mediaTypeOf(theirs))),
  ];
}

function queryOf({ query }: Recorded): Record<string, unknown> {
  const names = [...new Set(query.keys())];
  return Object.fromEntries(names.map((name) => [name, query.getAll(name).join(',')]));
}

function bodyOf({ body, headers }: Recorded): unknown {
  if (body === '') return undefined;
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true)
    return Object.fromEntries(new URLSearchParams(body));
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** The scheme, and that there is a value: the value itself is each side's own. */
function placementOf({ headers }: Recorded, credential: string): string {
  const value = headers[credential];
  if (value === undefined) return 'none';
  return value.includes(' ') ? (value.split(' ')[0] ?? '').toLowerCase() : 'value';
}

function mediaTypeOf({ headers }: Recorded): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
}

function unequal(what: string, ours: string, theirs: string): readonly string[] {
  return ours === theirs ? [] : [`${what}: ${ours} ≠ ${theirs}`];
}

function members(what: string, ours: unknown, theirs: unknown): readonly string[] {
  if (JSON.stringify(ours) === JSON.stringify(theirs)) return [];
  if (!isRecord(ours) || !isRecord(theirs))
    return [`${what}: ${JSON.stringify(ours) ?? 'nothing'} ≠ ${JSON.stringify(theirs) ?? 'nothing'}`];
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort();
  return names.flatMap((name) => members(`${what}.${name}`, ours[name], theirs[name]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
