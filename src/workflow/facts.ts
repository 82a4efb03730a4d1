import { type Fact, factKey, isAsLate } from '../action/fact.ts';
import { BOUNDS } from '../lib/bounds.ts';

/** What is known of the subjects of one workflow: the last observation of each. Past the bound nothing new is known. */
export class Facts extends Map<string, Fact> {
  /** A job can run twice at once, and the slower one may have looked first: the later look holds. */
  observed(fact: Fact): void {
    const key = factKey(fact.fact, fact.subject);
    const known = this.get(key);
    if (known === undefined ? this.size < BOUNDS.workflowFacts : isAsLate(fact, known)) this.set(key, fact);
  }
}
