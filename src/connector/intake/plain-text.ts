const LONGEST = 2_000;

/** Characters that hide text or turn it around: controls, zero-width and bidirectional marks, tag characters. */
const HIDDEN = /[\p{Cc}\p{Cf}\u{E0000}-\u{E007F}]/gu;

/** A server's words, fit to be shown: nothing hidden in them, and not without end. */
export function plainText(text: string, longest: number = LONGEST): string {
  const visible = text.toWellFormed().replace(HIDDEN, (character) => (/\s/.test(character) ? ' ' : ''));
  return visible.length > longest ? `${visible.slice(0, longest)} …` : visible;
}

/** Whether a text holds characters that a reviewer would not see. */
export function hidesText(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}
