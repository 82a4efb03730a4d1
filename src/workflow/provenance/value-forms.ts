/** Digits from which on a row of letters and digits is an account, a telephone number, a card: one value, however grouped. */
export const ACCOUNT_DIGITS = 6;

const FILE_NAME =
  /^[^/@]+\.(?:txt|docx?|xlsx?|pptx?|odt|rtf|pdf|csv|tsv|md|json|ya?ml|xml|html?|png|jpe?g|gif|svg|zip|log|ics|eml)$/;
const HOST = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/@\s]*@)?((?:[^\s/@:?#.]+\.)+[a-z]{2,24})(?=[:/?#]|$)/;
const CURRENCY = /^[$€£¥]|[$€£¥%]$/g;

/** Letters and digits only. */
export function compact(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]/gu, '');
}

export function digitCount(text: string): number {
  return text.replaceAll(/\D/g, '').length;
}

/** One form for the ways to write an address: no scheme, no `www.`, no slash at the end, no sign before a name. */
export function canonicalAddress(chunk: string): string {
  return chunk
    .replace(/^mailto:/, '')
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/^www\./, '')
    .replace(/\/+$/, '')
    .replace(/^[@#]/, '');
}

/** The host of a URL, of a mail address, or of what could be either; a file's name has none. */
export function hostOf(chunk: string): string | undefined {
  if (FILE_NAME.test(chunk)) return undefined;
  return HOST.exec(chunk)?.[1]?.replace(/^www\./, '');
}

/** One form for the ways to write a number: `1,200.00`, `$1200` and `1.200,00` are `1200`. */
export function canonicalNumber(chunk: string): string | undefined {
  const bare = chunk.replaceAll(CURRENCY, '');
  if (/^[+-]?\d{1,15}(?:\.\d+)?$/.test(bare)) return String(Number(bare));
  if (/^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(bare)) return String(Number(bare.replaceAll(',', '')));
  if (/^[+-]?\d{1,3}(?:\.\d{3})*,\d{1,2}$/.test(bare))
    return String(Number(bare.replaceAll('.', '').replace(',', '.')));
  return undefined;
}
