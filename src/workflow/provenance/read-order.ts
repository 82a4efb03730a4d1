import { plainForm } from './fold-text.ts';
import {
  ACT_STEMS,
  ALL_ACT_STEMS,
  ALSO_NOUN_STEMS,
  ANSWER_STEMS,
  BEFORE_VERB_WORDS,
  BEGINNING_WORDS,
  LET,
  stemOf,
} from './order-words.ts';

/** What can be told of an order without understanding it. */
export interface Order {
  /** Every word. */
  readonly words: ReadonlySet<string>;
  /** Stems of the words that can be its verbs. */
  readonly verbs: ReadonlySet<string>;
  /** Kinds of effect that some of them ask for. */
  readonly kinds: ReadonlySet<string>;
  /** It hands over to a text: do what it says. */
  readonly delegates: boolean;
  /** It asks to pass links on. */
  readonly passesLinks: boolean;
  /** It speaks of pages, so that opening one is no surprise. */
  readonly opensPages: boolean;
}

const TOKEN = /\p{L}+|\d+|[.,;:!?'"\n()-]/gu;

const LET_WITHIN = 10;

const DELEGATES = [
  /\b(?:do|follow|perform|execute|complete|carry out|handle|act on|take care of|work through|implement)\b[^.]{0,40}\b(?:actions?|instructions?|tasks?|steps?|to-?dos?|requests?)\b/,
  /\baccordingly\b/,
  /\bas (?:described|instructed|specified|requested)\b/,
];
const PASSES_LINKS = [
  /\b(?:links?|hyperlinks?|urls?|forward|relay|verbatim|word for word)\b|\b(?:contents?|body|bodies) of\b/,
  /\b(?:post|send|share|give|include|list|add|paste|collect|upload|put|copy|attach)\b[^.]{0,40}\b(?:web ?sites?|web ?pages?|sites?)\b/,
];
const OPENS_PAGES =
  /\b(?:links?|urls?|web|web ?sites?|web ?pages?|pages?|sites?|online|internet|articles?|blogs?|posts?|news|documentation|docs|menus?)\b|\bwww\.|\bhttps?:/;

export function readOrder(text: string): Order {
  const plain = plainForm(text);
  const tokens = plain.match(TOKEN) ?? [];
  const verbs = new Set(tokens.flatMap((token, at) => (isVerb(token, at, tokens) ? [stemOf(token)] : [])));
  const kinds = [...ACT_STEMS].filter(([, stems]) => [...verbs].some((verb) => stems.has(verb))).map(([kind]) => kind);
  return {
    words: new Set(tokens),
    verbs,
    kinds: new Set(kinds),
    delegates: DELEGATES.some((phrase) => phrase.test(plain)),
    passesLinks: PASSES_LINKS.some((phrase) => phrase.test(plain)),
    opensPages: OPENS_PAGES.test(plain),
  };
}

/** Whether a word can ask for an act. `Tell me` asks for an answer; `the email` for nothing. */
function isVerb(token: string, at: number, tokens: readonly string[]): boolean {
  if (!isWord(token)) return false;
  const stem = stemOf(token);
  const [before = '.', after = ''] = [tokens[at - 1], tokens[at + 1]];
  const isBegun = BEGINNING_WORDS.has(before) && !isWord(tokens[at - 2]);
  const startsClause = !isWord(before) || BEFORE_VERB_WORDS.has(before) || isBegun;
  if (ALSO_NOUN_STEMS.has(stem) && !startsClause) return false;
  if (ANSWER_STEMS.has(stem) && (after === 'me' || after === 'us')) return false;
  return token !== LET[0] || tokens.slice(at + 2, at + LET_WITHIN).includes(LET[1]);
}

function isWord(token: string | undefined): boolean {
  return token !== undefined && /^\p{L}/u.test(token);
}

/** Whether the order asks for such an act: by a word for its kind, or by the operation's own word for what it does. */
export function asksFor(order: Order, kind: string, words: readonly string[]): boolean {
  if (order.kinds.has(kind)) return true;
  const stems = words.map(stemOf);
  const verbs = stems.filter((stem) => ALL_ACT_STEMS.has(stem));
  return (verbs.length > 0 ? verbs : stems).some((stem) => order.verbs.has(stem));
}

/** Shorter beginnings are shared by words that have nothing in common. */
const COMMON_CHARACTERS = 4;

/** Whether the order has one of the operation's nouns, or a word that begins alike: `info` and `information`. */
export function namesObject(order: Order, words: readonly string[]): boolean {
  const nouns = words.map(stemOf).filter((stem) => !ALL_ACT_STEMS.has(stem));
  return nouns.some((noun) => [...order.words].some((word) => beginsAlike(stemOf(word), noun)));
}

function beginsAlike(one: string, other: string): boolean {
  if (one === other) return true;
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length >= COMMON_CHARACTERS && long.startsWith(short);
}

export const NO_ORDER: Order = readOrder('');
