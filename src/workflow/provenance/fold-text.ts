/** Letters of other scripts that fonts draw like Latin ones, and marks that pass for ASCII's (after UTS #39). */
const LOOK_ALIKES = lookAlikes([
  ['a', 'аα'],
  ['b', 'вβ'],
  ['c', 'сϲ'],
  ['d', 'ԁ'],
  ['e', 'еεє'],
  ['g', 'ɡ'],
  ['h', 'һн'],
  ['i', 'іιı'],
  ['j', 'јϳ'],
  ['k', 'кκ'],
  ['l', 'ӏⅼ'],
  ['m', 'м'],
  ['n', 'ոη'],
  ['o', 'оοօ'],
  ['p', 'рρ'],
  ['q', 'ԛ'],
  ['r', 'г'],
  ['s', 'ѕ'],
  ['t', 'тτ'],
  ['u', 'υս'],
  ['v', 'ѵν'],
  ['w', 'ԝω'],
  ['x', 'хχ'],
  ['y', 'уγ'],
  ['-', '‐‑‒–—−'],
  ['.', '․。'],
  ['/', '∕⁄'],
  ["'", '’‘'],
  ['"', '“”«»'],
]);

const ASCII = /^\p{ASCII}*$/u;
const UNSEEN = /[\p{M}\p{Cf}\u115f\u1160\u3164\uffa0]/gu;

export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** As programs compare it: composed, in lower case. Two values of one plain form are one value. */
export function plainForm(text: string): string {
  return isAscii(text) ? text.toLowerCase() : text.normalize('NFC').toLowerCase();
}

/** Without what disguises a text: look-alikes, marks, widths, and characters that nobody sees. */
export function bareForm(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  const bare = text.normalize('NFKD').replaceAll(UNSEEN, '').toLowerCase();
  return [...bare].map((letter) => LOOK_ALIKES.get(letter) ?? letter).join('');
}

function lookAlikes(table: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  return new Map(table.flatMap(([latin, others]) => [...others].map((other) => [other, latin] as const)));
}
