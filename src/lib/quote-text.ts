import { InterlockError } from './errors.ts';

/** A string as JSON. Throws MALFORMED_JSON for half a surrogate pair. */
export function quoteText(text: string): string {
  if (PLAIN_TEXT.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new InterlockError('MALFORMED_JSON', 'a string holds half of a surrogate pair');
  return JSON.stringify(text);
}

/** What JSON leaves as it is: no control characters, quotes, backslashes or surrogates. */
export const PLAIN_TEXT = /^[ !#-[\]-\ud7ff]*$/;
