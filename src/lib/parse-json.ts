import { BOUNDS } from './bounds.ts';
import { InterlockError } from './errors.ts';
import { FORBIDDEN_KEYS } from './forbidden-keys.ts';
import type { Json } from './json.ts';
import { parsePlainJson } from './parse-plain-json.ts';
import { PLAIN_TEXT } from './quote-text.ts';

/**
 * Parses JSON from outside so that no other reader can understand it differently: no duplicate keys, no integer that
 * a double cannot hold, no half surrogates, no keys with a meaning of their own, bounded depth and size (RFC 8259 §4, §6).
 * Throws MALFORMED_JSON, DUPLICATE_KEY, UNSAFE_NUMBER, FORBIDDEN_KEY, TOO_DEEP or TOO_LARGE; details name the place.
 */
export function parseJson(text: string): Json {
  if (text.length > BOUNDS.bodyBytes) throw new InterlockError('TOO_LARGE');
  return parsePlainJson(text) ?? parseThoroughly(text);
}

/** The same for a text within the bound, one value after the other: what is refused, and why, is said here alone. */
export function parseThoroughly(text: string): Json {
  return new Parser(text).document();
}

/** The last of the characters that white space can be. */
const SPACE = 0x20;
const WHITE_SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// Everything up to the closing quote; escapes and control characters are judged by JSON.parse of the same slice.
const STRING = /"(?:[^"\\]|\\.)*"/y;
const LITERALS: ReadonlyMap<string, Json> = new Map([
  ['t', true],
  ['f', false],
  ['n', null],
]);

class Parser {
  readonly #text: string;
  #at = 0;
  #nodes = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    const value = this.#value(0);
    this.#skipWhiteSpace();
    if (this.#at !== this.#text.length) throw this.#malformed('something follows the value');
    return value;
  }

  #value(depth: number): Json {
    if (depth > BOUNDS.jsonDepth) throw new InterlockError('TOO_DEEP', `nested deeper than ${BOUNDS.jsonDepth}`);
    if (++this.#nodes > BOUNDS.jsonNodes) throw new InterlockError('TOO_DEEP', `more than ${BOUNDS.jsonNodes} values`);
    this.#skipWhiteSpace();
    const first = this.#text[this.#at] ?? '';
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    if (first === '"') return this.#string();
    const literal = LITERALS.get(first);
    return literal === undefined ? this.#number() : this.#literal(literal);
  }

  #object(depth: number): Json {
    const object: Record<string, Json> = {};
    this.#at++;
    if (this.#closes('}')) return object;
    do {
      this.#skipWhiteSpace();
      if (this.#text[this.#at] !== '"') throw this.#malformed('a key in quotes is missing');
      const key = this.#string();
      if (FORBIDDEN_KEYS.has(key)) throw new InterlockError('FORBIDDEN_KEY', `the key ${key} is not allowed`);
      if (Object.hasOwn(object, key))
        throw new InterlockError('DUPLICATE_KEY', `the key ${JSON.stringify(key)} occurs twice`);
      this.#expect(':');
      object[key] = this.#value(depth + 1);
    } while (this.#continues('}'));
    return object;
  }

  #array(depth: number): Json {
    const items: Json[] = [];
    this.#at++;
    if (this.#closes(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#continues(']'));
    return items;
  }

  #string(): string {
    const start = this.#at + 1;
    const end = this.#text.indexOf('"', start);
    const plain = this.#text.slice(start, end);
    if (end >= 0 && PLAIN_TEXT.test(plain)) {
      this.#at = end + 1;
      return plain;
    }
    return this.#escapedString();
  }

  #escapedString(): string {
    const raw = this.#match(STRING);
    if (raw === undefined) throw this.#malformed('a string does not end');
    let text: unknown;
    try {
      text = JSON.parse(raw);
    } catch (cause) {
      throw new InterlockError('MALFORMED_JSON', `a string before character ${this.#at} is not valid`, { cause });
    }
    if (typeof text !== 'string' || !text.isWellFormed())
      throw this.#malformed('a string holds half of a surrogate pair');
    return text;
  }

  #number(): number {
    const raw = this.#match(NUMBER);
    if (raw === undefined) throw this.#malformed('a value is missing or not JSON');
    const value = Number(raw);
    if (!Number.isFinite(value)) throw new InterlockError('UNSAFE_NUMBER', `${raw.slice(0, 40)} is not finite`);
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      throw new InterlockError('UNSAFE_NUMBER', `${raw.slice(0, 40)} is beyond ±(2^53-1)`);
    }
    if (value === 0 && /[1-9]/.test(raw.split(/[eE]/, 1)[0] ?? '')) {
      throw new InterlockError('UNSAFE_NUMBER', `${raw.slice(0, 40)} is too small to hold`);
    }
    return Object.is(value, -0) ? 0 : value;
  }

  #literal(value: Json): Json {
    const word = String(value);
    if (!this.#text.startsWith(word, this.#at)) throw this.#malformed('a value is not JSON');
    this.#at += word.length;
    return value;
  }

  #closes(bracket: string): boolean {
    this.#skipWhiteSpace();
    if (this.#text[this.#at] !== bracket) return false;
    this.#at++;
    return true;
  }

  #continues(bracket: string): boolean {
    if (this.#closes(bracket)) return false;
    this.#expect(',');
    return true;
  }

  #expect(character: string): void {
    this.#skipWhiteSpace();
    if (this.#text[this.#at] !== character) throw this.#malformed(`"${character}" is missing`);
    this.#at++;
  }

  #skipWhiteSpace(): void {
    if (this.#text.charCodeAt(this.#at) <= SPACE) this.#match(WHITE_SPACE);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #malformed(what: string): InterlockError {
    return new InterlockError('MALFORMED_JSON', `${what} at character ${this.#at}`);
  }
}
