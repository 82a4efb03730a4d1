import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowView } from '../../src/action/view.ts';
import type { Json } from '../../src/lib/json.ts';

/** What format 1 came to hold after the second golden log: parts of batches, and facts. Once it is released, no file in it changes any more. */
export const GOLDEN_3 = new URL('./v3', import.meta.url).pathname;

export interface Recorded3 {
  readonly policySet: string;
  /** By `tenant/workflow`: what was counted and is known at the end. */
  readonly known: Readonly<Record<string, Json>>;
}

export function readRecorded3(): Recorded3 {
  return JSON.parse(readFileSync(join(GOLDEN_3, 'recorded.json'), 'utf8'));
}

export function knownOf({ version, head, open, activity, actions, facts }: WorkflowView): Json {
  return {
    version,
    head,
    open,
    counts: { ...activity.counts, actions: activity.actions, denied: activity.denied },
    actions: [...actions.values()].map(({ id, state, completed }) => [id, state, completed?.status ?? null]),
    facts: [...facts.values()].map(({ fact, subject, value }) => [fact, subject.id, value as Json]),
  };
}
