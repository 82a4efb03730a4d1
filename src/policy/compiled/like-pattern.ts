import type { PatternElem } from '@cedar-policy/cedar-wasm/nodejs';
import { invalidPolicy } from './invalid-policy.ts';

/** The pattern of a `like`: what stands before, between and after its wildcards, each of which matches anything, also nothing. */
export class LikePattern {
  readonly #first: string;
  readonly #between: readonly string[];
  /** Without any wildcard there is nothing after the first literal. */
  readonly #last: string | undefined;

  constructor(pattern: readonly PatternElem[]) {
    const literals = literalsOf(pattern);
    this.#first = literals[0] ?? '';
    this.#between = literals.slice(1, -1).filter((literal) => literal !== '');
    this.#last = literals.length > 1 ? literals.at(-1) : undefined;
  }

  /** Never tries again: the leftmost place for each literal leaves the most room for the next one. */
  matches(text: string): boolean {
    if (this.#last === undefined) return text === this.#first;
    const end = text.length - this.#last.length;
    let from = this.#first.length;
    if (end < from || !text.startsWith(this.#first) || !text.endsWith(this.#last)) return false;
    for (const literal of this.#between) {
      const at = text.indexOf(literal, from);
      if (at === -1 || at + literal.length > end) return false;
      from = at + literal.length;
    }
    return true;
  }
}

/** Always one literal more than there are wildcards. */
function literalsOf(pattern: readonly PatternElem[]): string[] {
  const literals: string[] = [''];
  for (const part of pattern) {
    if (part === 'Wildcard') literals.push('');
    else if (typeof part?.Literal === 'string') literals.push(`${literals.pop() ?? ''}${part.Literal}`);
    else throw invalidPolicy('a pattern is made of literals and wildcards');
  }
  return literals;
}
