import { calendarDates } from './calendar-dates.ts';
import { onlyChunk, wordsOf } from './text-keys.ts';
import { ACCOUNT_DIGITS, canonicalAddress, canonicalNumber, compact, digitCount } from './value-forms.ts';

/** Under which keys a value stands where it stands at all. */
export interface ValueKeys {
  /** One of them is enough. */
  readonly any: readonly string[];
  /** All of them are needed: words in a row, two by two. */
  readonly every: readonly string[];
  /** Where a small number stands as somebody's choice, not by chance. */
  readonly cued?: string | undefined;
}

const ACCOUNT = /^\+?[a-z]{0,4}[\d\s().-]*\d[a-z0-9\s().-]*$/;
const DATE_CHARACTERS = 32;
const ACCOUNT_CHARACTERS = 40;
const SMALL = 5;

/**
 * The keys of one value in plain or bare form, by what it looks like. What has the characters of an address or an
 * account must be found whole: `b@x.org` does not stand in `a.b@x.org`.
 */
export function valueKeys(value: string): ValueKeys {
  const text = value.trim();
  if (text.length <= DATE_CHARACTERS) {
    const dates = calendarDates(text);
    const full = dates.filter((date) => date.length > 'MM-DD'.length);
    if (dates.length > 0) return { any: (full.length > 0 ? full : dates).map((date) => `d:${date}`), every: [] };
  }
  const squeezed = compact(text);
  const isAccount = digitCount(text) >= ACCOUNT_DIGITS && squeezed.length <= ACCOUNT_CHARACTERS && ACCOUNT.test(text);
  if (isAccount) return { any: [`a:${squeezed}`], every: [] };
  const number = canonicalNumber(text);
  if (number !== undefined)
    return { any: [`n:${number}`], every: [], cued: text.length <= SMALL ? `i:${squeezed}` : undefined };
  const address = canonicalAddress(onlyChunk(text) ?? '');
  if (/[@./:&=\d]/.test(address)) return { any: [`c:${address}`], every: [] };
  return wordKeys(wordsOf(text));
}

function wordKeys(words: readonly string[]): ValueKeys {
  if (words.length <= 1) return { any: words.map((word) => `w:${word}`), every: [] };
  return { any: [], every: words.slice(1).map((word, at) => `w:${words[at]} ${word}`) };
}
