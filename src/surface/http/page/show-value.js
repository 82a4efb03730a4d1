import { el } from './element.js';

/** Characters of a text that is shown at once; the rest is one press away, with its size. */
const SHOWN_CHARACTERS = 240;
const SHOWN_LINES = 6;

// Controls, bidirectional marks, invisible and tag characters: what could make a text look like another one.
const UNSEEN = /([\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u3164|\uffa0)/u;
const FOREIGN = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;
const LATIN = /\p{Script=Latin}/u;

/** A text as it is, with every unseen character spelled out and every word of mixed alphabets marked. */
export function showText(text) {
  return text.split(UNSEEN).flatMap((part) => {
    if (part === '\n') return mark('⏎', 'a new line', '\n');
    if (!UNSEEN.test(part)) return part.split(/(\s+)/).map(showWord);
    const code = part.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
    return mark(`U+${code}`, 'a character that cannot be seen');
  });
}

function showWord(word) {
  return LATIN.test(word) && FOREIGN.test(word) ? mark(word, 'letters of different alphabets') : word;
}

function mark(text, title, ...after) {
  return el('span', {}, el('span', { class: 'mark-char', title }, text), ...after);
}

/** A JSON value as nested lists of names and values, exactly and completely. */
export function showValue(value) {
  if (typeof value === 'string') return showString(value);
  if (value === null || typeof value !== 'object') return el('span', { class: 'atom' }, JSON.stringify(value));
  const entries = Object.entries(value);
  const isList = Array.isArray(value);
  if (entries.length === 0) return el('span', { class: 'atom' }, isList ? 'an empty list' : 'nothing');
  return el(
    'dl',
    { class: 'value' },
    entries.map(([name, inner]) =>
      el('div', {}, el('dt', {}, isList ? `${Number(name) + 1}.` : showText(name)), el('dd', {}, showValue(inner))),
    ),
  );
}

function showString(text) {
  if (text === '') return el('span', { class: 'atom' }, 'an empty text');
  const lines = text.split('\n');
  if (text.length <= SHOWN_CHARACTERS && lines.length <= SHOWN_LINES)
    return el('span', { class: 'text' }, showText(text));
  const start = lines.slice(0, SHOWN_LINES).join('\n').slice(0, SHOWN_CHARACTERS);
  const shown = el('span', { class: 'text' }, showText(start), '…');
  const more = el('button', { type: 'button', class: 'link', onclick: showAll }, `Show all ${size(text, lines)}`);
  function showAll() {
    shown.replaceChildren(...showText(text));
    more.remove();
  }
  return el('span', {}, shown, more);
}

function size(text, lines) {
  const characters = `${text.length.toLocaleString('en')} characters`;
  return lines.length === 1 ? characters : `${characters} in ${lines.length.toLocaleString('en')} lines`;
}
