/** `atom`: one value, as an id, an address, a date, a word. `phrase`: a name or a title. `prose`: sentences, or a text. */
export type Shape = 'atom' | 'phrase' | 'prose';

const PHRASE_WORDS = 8;
const PHRASE_CHARACTERS = 80;
const ATOM_CHARACTERS = 200;
/** Fewer words with a full stop among them are a name, as `St. Mary`. */
const SENTENCE_WORDS = 5;

/** What a text looks like, whatever field it stands in: nobody can say much in a value of one word. */
export function shapeOf(text: string): Shape {
  const trimmed = text.trim();
  // What quotes and brackets hold is several values, in somebody's own form.
  if (/[\n\r"{}<>`]/.test(trimmed) || trimmed.length > ATOM_CHARACTERS) return 'prose';
  if (!/\s/.test(trimmed) || /^[\d\s:./+TZ-]+$/.test(trimmed)) return 'atom';
  const words = trimmed.split(/\s+/).length;
  if (words > PHRASE_WORDS || trimmed.length > PHRASE_CHARACTERS) return 'prose';
  return words >= SENTENCE_WORDS && /[.!?]\s+\S/.test(trimmed) ? 'prose' : 'phrase';
}

/** Whether a text is a list of names and values, one on each line, as systems print them. */
export function isList(text: string): boolean {
  return text.split(/[\n\r]+/).every((line) => shapeOf(line) !== 'prose');
}
