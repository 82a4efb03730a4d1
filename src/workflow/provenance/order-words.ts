import type { EffectKind } from '../../action/effect.ts';

type ActKind = Exclude<EffectKind, 'read'>;

/**
 * Words by which people ask for an act, by the kind of its effect: the usual verbs of office work, English. One word can
 * stand for several kinds; what an operation calls itself, and what its connector adds, counts beside them.
 */
const VERBS: Readonly<Record<ActKind, string>> = {
  create: `add append arrange book build compile copy create draft duplicate enter file generate insert log make new open
    organise organize plan post prepare publish put record register reserve save schedule set start store upload write`,
  update: `adapt add adjust amend append apply assign attach change close complete convert correct decrease edit
    escalate extend fix include increase insert label link lower mark merge modify move postpone prioritise prioritize
    put raise reassign rename reopen replace reschedule reset resolve revise set shift switch tag update`,
  delete: `ban cancel clean clear delete discard dismiss drop erase evict expel fire kick purge remove revoke trash
    unsubscribe wipe withdraw`,
  communicate: `add announce answer ask broadcast congratulate contact cc deliver dm email forward greet inform introduce
    invite let loop mail message notify ping post publish reach remind reply report respond say send share submit tell
    text thank upload write`,
  spend: `book buy donate hire order pay purchase refund reimburse remit rent reserve return schedule send set settle
    subscribe tip transfer wire`,
  privilege: `add allow assign authorise authorize ban block change demote disable enable give grant invite kick make
    permit promote remove reset revoke set share unlock update`,
  execute: `apply build call deploy execute install invoke launch perform restart run start stop trigger`,
  isolate: `ban block contain deactivate disable freeze isolate lock quarantine suspend`,
};

/** Nouns as well: these count only where a verb can stand. */
const ALSO_NOUNS = `answer book call change close contact copy draft email file hire label link log mail make message new
  open order plan post record register rent reply report return schedule set share start tag text tip transfer update
  share block ban store report request invite export import`;

/** After these, or at the start of a clause, a verb can stand. */
const BEFORE_VERBS = `please to and then also or can could would should must will you i we just now not ll immediately
  directly kindly`;

/** These only where they begin the clause themselves. */
const BEGINNINGS = `first second third next finally lastly afterwards after`;

/** What is asked for is an answer to the user, if it is followed by `me` or `us`. */
const ANSWERS = `tell send give show let inform notify write remind report email message text ask make prepare`;

/** `let` says something to somebody only where this comes after it. */
export const LET = ['let', 'know'] as const;

/** A word without the endings of its forms. Of a family of words, the same stem; it need not be a word. */
export function stemOf(word: string): string {
  return word
    .replace(/'s$/, '')
    .replace(/(?<=..[^aeiou])ies$/, 'y')
    .replace(/(?<=...)(?:ing|ed|es|s|e)$/, '');
}

function stems(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/).map(stemOf));
}

export const ACT_STEMS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(VERBS).map(([kind, words]) => [kind, stems(words)]),
);
/** All of them together. */
export const ALL_ACT_STEMS: ReadonlySet<string> = new Set([...ACT_STEMS.values()].flatMap((words) => [...words]));
export const ALSO_NOUN_STEMS = stems(ALSO_NOUNS);
export const BEFORE_VERB_WORDS: ReadonlySet<string> = new Set(BEFORE_VERBS.split(/\s+/));
export const BEGINNING_WORDS: ReadonlySet<string> = new Set(BEGINNINGS.split(/\s+/));
export const ANSWER_STEMS = stems(ANSWERS);
