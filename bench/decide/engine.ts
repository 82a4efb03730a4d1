import type { Question } from './questions.ts';
import type { RuleSet } from './rules.ts';

/** One engine with one set of rules loaded. */
export interface Loaded {
  /** Makes ready, off the clock, what a caller has in hand when it asks; the function returned is what is measured. */
  ask(question: Question): () => boolean | Promise<boolean>;
}

export interface Engine {
  readonly name: string;
  /** What it does less or more than the others, in a sentence. */
  readonly note: string;
  load(set: RuleSet): Loaded | Promise<Loaded>;
  /** Ends what it has started. */
  close?(): Promise<void>;
}
