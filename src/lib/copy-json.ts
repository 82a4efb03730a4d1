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
  const out: Record<string, Json> = {};
  for (const key of Object.keys(object)) {
    const member = object[key];
    if (member !== undefined) setOwn(out, key, copy(member, own));
  }
  return out;
}

/** `__proto__` is an ordinary key of JSON, but not of an assignment. */
function setOwn(object: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}
