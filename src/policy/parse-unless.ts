import type { Obligation } from '../action/obligation.ts';
import { BOUNDS } from '../lib/bounds.ts';
import { InterlockError } from '../lib/errors.ts';
import { parsePath } from '../lib/json-path.ts';

/**
 * Parses what discharges a forbid: `redact(path) mask(path) drop(path) limit(path, n) cap(path, n)
 * approval(group, within: 30m) fact(name, maxAge: 5m, wait: 500ms) delay(60s)`, joined by `and`.
 * Throws POLICY_INVALID with the column and what was expected there.
 */
export function parseUnless(text: string): readonly Obligation[] {
  return new Parser(text).obligations();
}

const SPACE = /\s*/y;
const WORD = /[A-Za-z]+/y;
/** A group or a fact: an id as elsewhere. */
const NAME = /[A-Za-z0-9][A-Za-z0-9._:@~+/=-]*/y;
const PATH = /[^\s,()]+/y;
const NUMBER = /-?\d+/y;
const DURATION = /\d+(?:ms|s|m|h|d)\b/y;
const PUNCTUATION = /[(),:]/y;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_MS = 30 * 86_400_000;

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  obligations(): readonly Obligation[] {
    const all = [this.#obligation()];
    while (!this.#isAtEnd()) {
      this.#expect(WORD, '"and"', (word) => word === 'and');
      all.push(this.#obligation());
    }
    return all;
  }

  #obligation(): Obligation {
    const kinds = 'redact, mask, drop, limit, cap, approval, fact or delay';
    const kind = this.#expect(WORD, kinds, (word) => kinds.split(/, | or /).includes(word));
    this.#punctuation('(');
    const obligation = this.#arguments(kind);
    this.#punctuation(')');
    return obligation;
  }

  #arguments(kind: string): Obligation {
    switch (kind) {
      case 'redact':
      case 'mask':
      case 'drop':
        return { kind, path: this.#path() };
      case 'limit':
      case 'cap': {
        const path = this.#path();
        this.#punctuation(',');
        return { kind, path, max: this.#max(kind) };
      }
      case 'approval': {
        const group = this.#expect(NAME, 'the name of a group');
        const { within } = this.#named(['within']);
        return { kind, group, withinMs: within ?? BOUNDS.approvalMs };
      }
      case 'fact': {
        const name = this.#expect(NAME, 'the name of a fact');
        const { maxAge, wait } = this.#named(['maxAge', 'wait']);
        return { kind, name, maxAgeMs: maxAge, waitMs: wait ?? 0 };
      }
      default:
        return { kind: 'delay', delayMs: this.#duration() };
    }
  }

  /** `, name: duration` as often as there are names, each at most once. */
  #named(names: readonly string[]): Readonly<Partial<Record<string, number>>> {
    const given: Record<string, number> = {};
    while (this.#peek() === ',') {
      this.#punctuation(',');
      const left = names.filter((name) => given[name] === undefined);
      const name = this.#expect(
        WORD,
        left.length === 0 ? '")"' : left.map((each) => `"${each}:"`).join(' or '),
        (word) => left.includes(word),
      );
      this.#punctuation(':');
      given[name] = this.#duration();
    }
    return given;
  }

  #path(): string {
    const at = this.#skip();
    const path = this.#expect(PATH, 'a path, as input.limit or result.**.ssn');
    try {
      parsePath(path);
    } catch (cause) {
      throw this.#error(at, cause instanceof Error ? cause.message : 'the path is not valid', cause);
    }
    return path;
  }

  #max(kind: 'limit' | 'cap'): number {
    const most = kind === 'limit' ? 'how many items, 0 or more' : 'an integer';
    return Number(
      this.#expect(
        NUMBER,
        most,
        (text) => Number.isSafeInteger(Number(text)) && (kind === 'cap' || !text.startsWith('-')),
      ),
    );
  }

  #duration(): number {
    const ms = (text: string) => Number.parseInt(text, 10) * (UNIT_MS[text.replace(/^\d+/, '')] ?? Number.NaN);
    return ms(
      this.#expect(
        DURATION,
        'a duration of at most 30 days, as 500ms, 60s, 30m, 12h or 2d',
        (text) => ms(text) <= LONGEST_MS,
      ),
    );
  }

  #punctuation(mark: string): void {
    this.#expect(PUNCTUATION, `"${mark}"`, (text) => text === mark);
  }

  #expect(pattern: RegExp, expected: string, accepts: (text: string) => boolean = () => true): string {
    const at = this.#skip();
    pattern.lastIndex = at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined || !accepts(found)) {
      const there = this.#isAtEnd() ? 'the end' : `"${this.#text.slice(at, at + 20)}"`;
      throw this.#error(at, `expected ${expected}, found ${there}`);
    }
    this.#at = at + found.length;
    return found;
  }

  #peek(): string {
    return this.#text.charAt(this.#skip());
  }

  #isAtEnd(): boolean {
    return this.#skip() === this.#text.length;
  }

  #skip(): number {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.#text);
    this.#at = Math.max(this.#at, SPACE.lastIndex);
    return this.#at;
  }

  #error(at: number, what: string, cause?: unknown): InterlockError {
    return new InterlockError('POLICY_INVALID', `@unless, column ${at + 1}: ${what}`, { cause });
  }
}
