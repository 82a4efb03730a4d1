import { BOUNDS } from './bounds.ts';
import { FORBIDDEN_KEYS } from './forbidden-keys.ts';
import type { Json, JsonObject } from './json.ts';

/** What may have been something else than the 0 that it was read as: too small to hold. */
const MAYBE_TOO_SMALL = /[0-9][eE]-|0{300}/;

/**
 * What the strict parser makes of a text, where that can be told without it; undefined where it cannot, whether it would
 * refuse the text or not. JSON.parse is several times as fast, and drops the first of two members of one name.
 */
export function parsePlainJson(text: string): Json | undefined {
  // Without escapes, every quote begins or ends a string.
  if (text.includes('\\') || !text.isWellFormed()) return undefined;
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const seen = new Seen();
  if (!seen.isPlain(value, 0) || (seen.hasZero && MAYBE_TOO_SMALL.test(text))) return undefined;
  // What was dropped had a name, which is a string that is not there any more.
  return seen.strings * 2 === quotesIn(text) ? value : undefined;
}

class Seen {
  /** Keys included. */
  strings = 0;
  hasZero = false;
  #nodes = 0;

  /** Whether nothing in it is refused or changed by the strict parser; counts on the way. */
  isPlain(value: Json, depth: number): boolean {
    if (depth > BOUNDS.jsonDepth || ++this.#nodes > BOUNDS.jsonNodes) return false;
    if (typeof value === 'string') {
      this.strings += 1;
      return true;
    }
    if (typeof value === 'number') return this.#isPlainNumber(value);
    if (typeof value !== 'object' || value === null) return true;
    return Array.isArray(value) ? this.#areItems(value, depth) : this.#areMembers(value as JsonObject, depth);
  }

  #areItems(items: readonly Json[], depth: number): boolean {
    for (const item of items) if (!this.isPlain(item, depth + 1)) return false;
    return true;
  }

  #areMembers(object: JsonObject, depth: number): boolean {
    for (const key of Object.keys(object)) {
      this.strings += 1;
      if (FORBIDDEN_KEYS.has(key) || !this.isPlain(object[key] as Json, depth + 1)) return false; // an own member
    }
    return true;
  }

  #isPlainNumber(value: number): boolean {
    if (value === 0) {
      this.hasZero = true;
      return !Object.is(value, -0);
    }
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  }
}

function quotesIn(text: string): number {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes += 1;
  return quotes;
}
