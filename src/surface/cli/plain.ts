import pc from 'picocolors';

/** Colours for people, or none. */
export function palette(colour: boolean): ReturnType<typeof pc.createColors> {
  return pc.createColors(colour);
}

/** Control characters, and those that are invisible or reverse what is read (Unicode categories Cc, Cf, Zl, Zp). */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const UNSEEN_BUT_NEWLINE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text from elsewhere, made harmless for a terminal: one line without escape sequences, or anything that hides. */
export function plain(text: string): string {
  return text.replaceAll(UNSEEN, escaped);
}

/** The same for text of several lines. */
export function plainLines(text: string): string {
  return text.replaceAll(UNSEEN_BUT_NEWLINE, escaped);
}

/** JSON with everything unseen in it escaped, which changes none of its values. */
export function plainJson(value: unknown, indent?: number): string {
  return plainLines(JSON.stringify(value, undefined, indent) ?? '-');
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}

/** Rows under each other, columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, at) => Math.max(widest[at] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  '))
    .join('\n');
}
