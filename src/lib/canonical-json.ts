import { InterlockError } from './errors.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * The RFC 8785 (JCS) form of a JSON value: keys sorted by UTF-16 code units, ECMAScript numbers, no white space.
 * Members that are `undefined` are left out, as in JSON.stringify. Throws UNSAFE_NUMBER and MALFORMED_JSON for what
 * JSON cannot carry: a date, say, has no members, and every date would have the same digest.
 */
export function canonicalJson(value: Json | undefined): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isFinite(value)) throw new InterlockError('UNSAFE_NUMBER', `${value} is not a JSON number`);
      return JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value as JsonObject);
    default:
      throw new InterlockError('MALFORMED_JSON', `a ${typeof value} is not JSON`);
  }
}

function canonicalArray(items: readonly Json[]): string {
  let out = '[';
  for (let i = 0; i < items.length; i++) out += (i === 0 ? '' : ',') + canonicalJson(items[i]);
  return `${out}]`;
}

function canonicalObject(object: JsonObject): string {
  if (!isPlain(object)) throw new InterlockError('MALFORMED_JSON', 'an object of a class is not JSON');
  let out = '{';
  for (const key of Object.keys(object).sort()) {
    const value = object[key];
    if (value === undefined) continue;
    out += `${out === '{' ? '' : ','}${quote(key)}:${canonicalJson(value)}`;
  }
  return `${out}}`;
}

/** Made by `{}` or JSON.parse, of whichever realm: its prototype is the last of its chain. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === null || (typeof prototype === 'object' && Object.getPrototypeOf(prototype) === null);
}

function quote(text: string): string {
  if (!text.isWellFormed()) throw new InterlockError('MALFORMED_JSON', 'a string holds half of a surrogate pair');
  return JSON.stringify(text);
}
