import { inspect } from 'node:util';
import { type Cedar, freshCedar } from '../../../src/policy/cedar-wasm/fresh-cedar.ts';
import { describeDisagreement } from './describe-disagreement.ts';
import { makeRound, playRound, type Tally } from './fuzz-round.ts';

export interface FuzzResult {
  /** The first seed; each round has the next one. */
  readonly seed: number;
  readonly rounds: number;
  readonly tally: Readonly<Tally>;
  /** As people read them, each with how to see it again. */
  readonly disagreements: readonly string[];
}

export interface FuzzOptions {
  readonly seed: number;
  /** At least so many, in whole rounds. */
  readonly outcomes: number;
  readonly onRound?: (tally: Readonly<Tally>) => void;
}

/** Rounds after which the reference gets a new instance, and its memory back. */
const ROUNDS_PER_INSTANCE = 200;
/** One mistake shows in many rounds. */
const MOST_DISAGREEMENTS = 5;

/** Asks compiled policies and Cedar the same, round after round, and counts. */
export function fuzz({ seed, outcomes, onRound }: FuzzOptions): FuzzResult {
  const tally = { policies: 0, linked: 0, requests: 0, allowed: 0, outcomes: 0, satisfied: 0, failed: 0 };
  const disagreements: string[] = [];
  let cedar = freshCedar();
  let rounds = 0;
  while (tally.outcomes < outcomes && disagreements.length < MOST_DISAGREEMENTS) {
    if (rounds % ROUNDS_PER_INSTANCE === 0) cedar = freshCedar();
    disagreements.push(...differencesOf(seed + rounds, tally, cedar));
    rounds += 1;
    onRound?.(tally);
  }
  return { seed, rounds, tally, disagreements };
}

/** None or one; one too where either of the two breaks off. */
function differencesOf(seed: number, tally: Tally, cedar: Cedar): string[] {
  try {
    const found = playRound(makeRound(seed), tally, cedar);
    return found === undefined ? [] : [describeDisagreement(cedar, found)];
  } catch (cause) {
    return [`Round ${seed} broke off: ${inspect(cause)}`];
  }
}

/** Shares in percent, which say whether the rounds asked anything worth asking. */
export function sharesOf({ requests, allowed, outcomes, satisfied, failed }: Readonly<Tally>) {
  const percent = (part: number, whole: number) => Math.round((1_000 * part) / whole) / 10;
  return {
    errorFree: percent(outcomes - failed, outcomes),
    satisfied: percent(satisfied, outcomes),
    allowed: percent(allowed, requests),
    denied: percent(requests - allowed, requests),
  };
}
