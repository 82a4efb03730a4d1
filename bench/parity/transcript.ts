import type { Effect } from './stage.ts';
import type { Told } from './unrest.ts';

/** All that became of one call, in one mode. */
export interface ActionRecord {
  /** What the agent was told, each time; an error as its code and detail. */
  readonly answers: unknown[];
  /** Every event of it in the log, whole: the decision with all that it read, answers of people, the outcome. */
  readonly events: Told[];
  readonly effects: Effect[];
}

/** What one mode made of scenarios, by paths that are the same in every mode. */
export interface Transcript {
  readonly actions: Map<string, ActionRecord>;
  /** What people did, and were told. */
  readonly acts: Map<string, unknown>;
  /** The other events of each workflow and of the tenant, and the last hash of its chain: all events to the byte. */
  readonly streams: Map<string, { readonly head: string; readonly others: readonly Told[] }>;
}

export function newTranscript(): Transcript {
  return { actions: new Map(), acts: new Map(), streams: new Map() };
}
