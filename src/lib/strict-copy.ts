import { BOUNDS } from './bounds.ts';
import { canonicalJson } from './canonical-json.ts';
import { InterlockError } from './errors.ts';
import { FORBIDDEN_KEYS } from './forbidden-keys.ts';
import { isPlainObject, type Json, type JsonObject } from './json.ts';
import { orderedKeys } from './key-order.ts';

/** Of the digits, as a code unit. */
const LAST_DIGIT = 0x39;

export interface StrictCopy {
  readonly copy: Json;
  /** The RFC 8785 form of `copy`. */
  readonly text: string;
}

/**
 * A copy that nobody else holds of a value that some code handed over, judged as strictly as text from outside: the same
 * as parsing its canonical form. Throws MALFORMED_JSON, UNSAFE_NUMBER, FORBIDDEN_KEY and TOO_DEEP.
 */
export function strictCopy(value: Json): StrictCopy {
  const copier = new Copier();
  const copy = copier.value(value, 0);
  return { copy, text: copier.isOrdered ? JSON.stringify(copy) : canonicalJson(copy) };
}

class Copier {
  /** Whether the members of every object copied stand as RFC 8785 wants them. */
  isOrdered = true;
  #nodes = 0;

  value(value: Json, depth: number): Json {
    if (depth > BOUNDS.jsonDepth) throw new InterlockError('TOO_DEEP', `nested deeper than ${BOUNDS.jsonDepth}`);
    if (++this.#nodes > BOUNDS.jsonNodes) throw new InterlockError('TOO_DEEP', `more than ${BOUNDS.jsonNodes} values`);
    switch (typeof value) {
      case 'string':
        if (!value.isWellFormed())
          throw new InterlockError('MALFORMED_JSON', 'a string holds half of a surrogate pair');
        return value;
      case 'boolean':
        return value;
      case 'number':
        return safeNumber(value);
      case 'object':
        if (value === null) return null;
        return Array.isArray(value) ? this.#array(value, depth) : this.#object(value as JsonObject, depth);
      default:
        throw new InterlockError('MALFORMED_JSON', `a ${typeof value} is not JSON`);
    }
  }

  #array(items: readonly Json[], depth: number): Json {
    const out: Json[] = [];
    for (let at = 0; at < items.length; at++) out.push(this.value(items[at] as Json, depth + 1)); // a hole is judged as undefined
    return out;
  }

  #object(object: JsonObject, depth: number): Json {
    if (!isPlainObject(object)) throw new InterlockError('MALFORMED_JSON', 'an object of a class is not JSON');
    const out: Record<string, Json> = {};
    for (const { key } of orderedKeys(object)) {
      const value = object[key];
      if (value === undefined) continue;
      // Numbers among the keys come first in any object, and by their size.
      if (key.charCodeAt(0) <= LAST_DIGIT) this.isOrdered = false;
      if (FORBIDDEN_KEYS.has(key)) throw new InterlockError('FORBIDDEN_KEY', `the key ${key} is not allowed`);
      out[key] = this.value(value, depth + 1);
    }
    return out;
  }
}

function safeNumber(value: number): number {
  if (!Number.isFinite(value)) throw new InterlockError('UNSAFE_NUMBER', `${value} is not a JSON number`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new InterlockError('UNSAFE_NUMBER', `${value} is beyond ±(2^53-1)`);
  return value === 0 ? 0 : value;
}
