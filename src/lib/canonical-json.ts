import { InterlockError } from './errors.ts';
import { isPlainObject, type Json, type JsonObject } from './json.ts';
import { orderedKeys } from './key-order.ts';
import { quoteText } from './quote-text.ts';

/** Objects whose canonical form is known already, with it. Whoever says so answers for it that they have not changed since. */
export type CanonicalTexts = ReadonlyMap<JsonObject, string>;

/**
 * The RFC 8785 (JCS) form of a JSON value: keys sorted by UTF-16 code units, ECMAScript numbers, no white space.
 * Members that are `undefined` are left out, as in JSON.stringify. Throws UNSAFE_NUMBER and MALFORMED_JSON for what
 * JSON cannot carry: a date, say, has no members, and every date would have the same digest.
 */
export function canonicalJson(value: Json | undefined, texts?: CanonicalTexts): string {
  switch (typeof value) {
    case 'string':
      return quoteText(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isFinite(value)) throw new InterlockError('UNSAFE_NUMBER', `${value} is not a JSON number`);
      return `${value}`;
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? canonicalArray(value, texts) : canonicalObject(value as JsonObject, texts);
    default:
      throw new InterlockError('MALFORMED_JSON', `a ${typeof value} is not JSON`);
  }
}

function canonicalArray(items: readonly Json[], texts?: CanonicalTexts): string {
  let out = '[';
  for (let i = 0; i < items.length; i++) out += (i === 0 ? '' : ',') + canonicalJson(items[i], texts);
  return `${out}]`;
}

function canonicalObject(object: JsonObject, texts?: CanonicalTexts): string {
  const known = texts?.get(object);
  if (known !== undefined) return known;
  if (!isPlainObject(object)) throw new InterlockError('MALFORMED_JSON', 'an object of a class is not JSON');
  let out = '{';
  for (const { key, label } of orderedKeys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    out += (out === '{' ? '' : ',') + label + canonicalJson(value, texts);
  }
  return `${out}}`;
}
