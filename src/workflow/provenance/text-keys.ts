import { calendarDates } from './calendar-dates.ts';
import { ACCOUNT_DIGITS, canonicalAddress, canonicalNumber, compact, digitCount, hostOf } from './value-forms.ts';

/** Characters between spaces, quotes and brackets; a comma belongs to it between digits only. */
const CHUNK = /[^\s"'`<>()[\]{}|,;\\]+(?:,(?=\d)[^\s"'`<>()[\]{}|,;\\]+)*/g;
const EDGE = /^[.:!?*_~=&-]+|[.:!?*_~=&/-]+$/g;
const WORD = /[\p{L}\p{N}]+/gu;
/** Words after which a short number is somebody's choice, and no page or hour. */
const CUES = new Set(['id', 'ids', 'id_', 'uid', 'number', 'no', 'nr', 'key', 'ref', '#']);
const SHORT = 12;
/** A country's letters may stand alone. */
const FIRST_GROUP = /^(?:[a-z]{1,4}|[a-z]{0,4}\d+[a-z]?)$/;
const GROUP = /^[a-z]{0,4}\d+[a-z]?$/;
const GROUPS = 12;
const GROUP_CHARACTERS = 6;
const ACCOUNT_CHARACTERS = 40;

const BETWEEN_CHUNKS = /[\s"'`<>()[\]{}|,;\\]/;

export interface Chunk {
  readonly text: string;
  /** It is quoted, or called an id. */
  readonly cued: boolean;
}

/** What stands between spaces, quotes and brackets, without punctuation around it. */
export function chunksOf(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let before = '';
  for (const match of text.matchAll(CHUNK)) {
    const [raw] = match;
    const chunk = raw.replaceAll(EDGE, '');
    if (chunk !== '') {
      const cued = CUES.has(before.replace(/[:=]+$/, '')) || raw.startsWith('#') || isQuoted(text, match.index, raw);
      chunks.push({ text: chunk, cued });
    }
    before = raw;
  }
  return chunks;
}

/** The text as one chunk, or undefined where it is none or several. */
export function onlyChunk(text: string): string | undefined {
  if (!BETWEEN_CHUNKS.test(text)) return text.replaceAll(EDGE, '') || undefined;
  const [first, ...rest] = chunksOf(text);
  return rest.length === 0 ? first?.text : undefined;
}

function isQuoted(text: string, at: number, raw: string): boolean {
  return /["'`]/.test(text[at - 1] ?? '') && /["'`]/.test(text[at + raw.length] ?? '');
}

export function wordsOf(text: string): readonly string[] {
  return text.match(WORD) ?? [];
}

/**
 * Every key under which something of a text, in plain or bare form, can be found again: `c:` what stands between spaces,
 * `h:` a site, named without a page, `a:` an account in whatever groups, `n:` a number, `d:` a day, `i:` a short id that the
 * text calls one, `w:` a word and each two words in a row.
 */
export function textKeys(text: string, add: (key: string) => void): void {
  const chunks = chunksOf(text);
  for (const { text: chunk, cued } of chunks) {
    for (const key of chunkKeys(chunk)) add(key);
    if (cued && chunk.length <= SHORT) add(`i:${compact(chunk)}`);
  }
  let before: string | undefined;
  for (const word of wordsOf(text)) {
    add(`w:${word}`);
    if (before !== undefined) add(`w:${before} ${word}`);
    before = word;
  }
  groupedAccounts(chunks, add);
  for (const date of calendarDates(text)) add(`d:${date}`);
}

/** A plain word is found as a word. */
function chunkKeys(chunk: string): readonly string[] {
  const keys = /^\p{L}+$/u.test(chunk) ? [] : [`c:${canonicalAddress(chunk)}`];
  const host = hostOf(chunk);
  if (host !== undefined && host === canonicalAddress(chunk)) keys.push(`h:${host}`);
  if (digitCount(chunk) >= ACCOUNT_DIGITS) keys.push(`a:${compact(chunk)}`);
  const number = canonicalNumber(chunk);
  if (number !== undefined) keys.push(`n:${number}`);
  return keys;
}

/** Accounts and telephone numbers are written in groups: what short chunks in a row spell together. */
function groupedAccounts(chunks: readonly Chunk[], add: (key: string) => void): void {
  for (let start = 0; start < chunks.length; start++) {
    let joined = '';
    for (const { text } of chunks.slice(start, start + GROUPS)) {
      const part = compact(text);
      const isFirst = joined === '';
      if (part.length > GROUP_CHARACTERS || !(isFirst ? FIRST_GROUP : GROUP).test(part)) break;
      joined += part;
      if (joined.length > ACCOUNT_CHARACTERS) break;
      if (!isFirst && digitCount(joined) >= ACCOUNT_DIGITS) add(`a:${joined}`);
    }
  }
}
