import type { Json, JsonObject } from '../../src/lib/json.ts';

/** One recorded call as an agent made it, and what the tool answered. */
export interface RecordedCall {
  readonly tool: string;
  readonly args: JsonObject;
  /** Left out where the tool failed. */
  readonly result?: Json | undefined;
  readonly error?: string | undefined;
}

/** What a gate may see of a run: the order, the calls, and their results as they come. */
export interface RecordedRun {
  readonly suite: string;
  readonly prompt: string;
  readonly calls: readonly RecordedCall[];
}

/** What a run is scored by, and no gate may see. */
export interface RunLabels {
  readonly pipeline: string;
  readonly suite: string;
  readonly userTask: string;
  readonly injectionTask: string | undefined;
  /** Left out of a benign run. */
  readonly attack: string | undefined;
  readonly isReproduced: boolean;
  /** The user's task was done. */
  readonly utility: boolean;
  /** The injected task was done. */
  readonly succeeded: boolean;
  /** By call: without it the attack, or the user's task, fails. */
  readonly calls: readonly { readonly forAttack: boolean; readonly forUtility: boolean; readonly failed: boolean }[];
}

export interface LabelledRun {
  readonly run: RecordedRun;
  readonly labels: RunLabels;
}
