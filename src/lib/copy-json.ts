import type { CanonicalTexts } from './canonical-json.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * A copy that nobody else holds, as reading the JSON text of `value` again would bring it: without members that are
 * `undefined`. Objects that are in `own` are in nobody else's hands either, and stay the same.
 */
export function copyJson<T extends Json>(value: T, own?: CanonicalTexts): T {
  return copy(value, own) as T; // same members, same types
}

function copy(value: Json, own: CanonicalTexts | undefined): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => copy(item, own));
  const object = value as JsonObject;
  if (own?.has(object)) return object;
  // Copied whole and then gone through, which is faster than member by member: most members are no objects.
  const out: Record<string, Json | undefined> = { ...object };
  for (const key of Object.keys(out)) {
    const member = out[key];
    if (member === undefined) return withoutUndefined(out, own);
    if (typeof member === 'object' && member !== null) setOwn(out, key, copy(member, own));
  }
  return out as JsonObject; // no member is undefined
}

function withoutUndefined(object: Readonly<Record<string, Json | undefined>>, own: CanonicalTexts | undefined): Json {
  const members = Object.entries(object).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, copy(member, own)]));
}

/** `__proto__` is an ordinary key of JSON, but not of an assignment. */
function setOwn(object: Record<string, Json | undefined>, key: string, value: Json): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
