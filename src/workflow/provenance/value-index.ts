import { bareForm, isAscii, plainForm } from './fold-text.ts';
import { KeyTable, type KeyTableState } from './key-table.ts';
import { textKeys } from './text-keys.ts';
import { type ValueKeys, valueKeys } from './value-keys.ts';

/** Marks of where a value was seen; several can hold. */
export const SEEN = {
  mandate: 1,
  linked: 2,
  record: 4,
  listed: 8,
  own: 16,
  untrusted: 32,
  agent: 64,
} as const;

/** What speaks for a value. */
export const VOUCHES = SEEN.mandate | SEEN.linked | SEEN.record | SEEN.listed | SEEN.own;

/** Where the values were seen that one workflow has come across, by their forms. */
export class ValueIndex {
  readonly #table: KeyTable;

  constructor(limit: number, seed: string) {
    this.#table = new KeyTable(limit, seed);
  }

  /** Something was forgotten: what is found no more may have been there. */
  get isFull(): boolean {
    return this.#table.isFull;
  }

  get bytes(): number {
    return this.#table.bytes;
  }

  get state(): KeyTableState | undefined {
    return this.#table.state;
  }

  /** Into one of the same seed that nothing was added to. */
  restore(state: KeyTableState): void {
    this.#table.restore(state);
  }

  add(text: string, mark: number): void {
    // A disguise must not hide what others wrote, and must not pass for what somebody vouches for.
    if ((mark & VOUCHES) === 0) textKeys(bareForm(text), (key) => this.#table.add(key, mark));
    else textKeys(plainForm(text), (key) => this.#table.add(exactKey(key), mark));
  }

  /** Every mark of a value. */
  find(value: string): number {
    const bare = this.#found(valueKeys(bareForm(value)), (key) => key);
    const plain = plainForm(value);
    if (isAscii(plain)) return bare;
    return (bare & ~VOUCHES) | (this.#found(valueKeys(plain), exactKey) & VOUCHES);
  }

  /** The marks of one key of {@link textKeys}, of a text in plain form. */
  findKey(key: string): number {
    return this.#table.get(exactKey(key));
  }

  #found({ any, every, cued }: ValueKeys, keyOf: (key: string) => string): number {
    let marks = 0;
    for (const key of any) marks |= this.#table.get(keyOf(key));
    if (every.length > 0) marks |= every.reduce((all, key) => all & this.#table.get(keyOf(key)), ~0);
    if (cued === undefined || (marks & VOUCHES) === 0 || (this.#table.get(cued) & SEEN.untrusted) !== 0) return marks;
    return marks & ~SEEN.untrusted;
  }
}

/** Keys with other letters than ASCII's are kept apart, so that a look-alike finds none. */
function exactKey(key: string): string {
  return isAscii(key) ? key : `=${key}`;
}
