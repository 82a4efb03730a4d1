import type { EffectKind } from '../../action/effect.ts';

type ActKind = Exclude<EffectKind, 'read'>;

/**
 * Words by which people ask for an act, by the kind of its effect: the usual verbs of office work, English. One word can
 * stand for several kinds; what an operation calls itself, and what its connector adds, counts beside them.
 */
const VERBS: Readonly<Record<ActKind, string>> = {
  create: `add allocate append arrange book build compile compose copy create draft duplicate enrol
    enroll enter file generate insert invoice log make new onboard open organise organize plan post
    prepare provision publish put raise record register reserve save schedule set sign start store
    upload write`,
  update: `accept activate adapt add adjust allocate amend append apply approve archive assign attach
    change close complete confirm convert correct deactivate decline decrease downgrade edit escalate
    exchange extend fill fix flag include increase insert label link lower mark merge modify move pin
    postpone prioritise prioritize put raise reassign reject rename renew reopen replace reschedule
    reset resolve revise set shift snooze star swap switch tag unarchive update upgrade`,
  delete: `archive ban cancel clean clear deactivate decline delete deprovision discard dismiss drop
    erase evict expel fire kick offboard purge reject remove revoke trash unsubscribe wipe withdraw`,
  communicate: `accept add announce answer ask broadcast cc compose confirm congratulate contact decline
    deliver dm email escalate follow forward greet inform introduce invite invoice let loop mail message
    notify ping post publish reach remind reply report respond say send share submit tell text thank
    upload write`,
  spend: `book buy charge cover credit deposit donate exchange hire order pay purchase refund reimburse
    remit renew rent reserve return schedule send set settle subscribe tip top transfer upgrade wire
    withdraw`,
  privilege: `add allow approve assign authorise authorize ban block change deactivate demote disable
    downgrade enable enrol enroll give grant invite kick make offboard onboard permit promote provision
    remove reset revoke set share unlock update upgrade`,
  execute: `apply build call deploy execute install invoke launch perform restart retry run start stop
    trigger`,
  isolate: `ban block contain deactivate disable freeze isolate kill lock quarantine suspend`,
};

/** Nouns as well: these count only where a verb can stand. */
const ALSO_NOUNS = `answer book call change close contact copy draft email file hire label link log mail make message new
  open order plan post record register rent reply report return schedule set share start tag text tip transfer update
  share block ban store report request invite export import cover credit charge deposit exchange flag follow invoice pin
  raise sign star swap top`;

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
