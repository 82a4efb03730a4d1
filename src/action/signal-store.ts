import type { Action } from './action.ts';
import type { SignalPlan, SignalValues } from './signal.ts';
import type { WorkflowView } from './view.ts';

/**
 * The memory that policies have beyond one view. The one of this process keeps it in maps; one that several gateways
 * share has to make `reserve` atomic with the version that was read. Every adapter passes the suite in
 * `test/workflow/signals/signal-store-suite.ts`.
 */
export interface SignalStore {
  /** Makes a plan ready for every tenant that is in memory; it is the plan in force from the next decision on. */
  prepare(plan: SignalPlan | undefined): Promise<void>;
  /** Fills what a decision in this tenant looks up from history, where it is not there yet. Throws LOG_UNAVAILABLE and LOG_BROKEN. */
  ready(tenant: string): Promise<void> | undefined;
  /**
   * What the plan's policies read about the action, as of this view. Throws SIGNAL_FORGOTTEN where a bound was passed
   * and the value is not certain, LOG_UNAVAILABLE where `ready` has to be awaited first.
   */
  read(plan: SignalPlan, action: Action, view: WorkflowView, now: number): SignalValues;
}
