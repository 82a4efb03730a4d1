import type { Action } from './action.ts';
import type { NewEvent, WorkflowEvent } from './event.ts';
import type { MemoryGuard, StreamId } from './log-port.ts';
import type { SignalPlan, SignalValues } from './signal.ts';
import type { WorkflowView } from './view.ts';

/** Keeps something beside the views in step with them, as exactly as they are. All of it is synchronous. */
export interface EventFollower {
  /** Right after a proposal was made on the view, before anything else is proposed anywhere. Undefined: nothing is reserved. */
  reserve(events: readonly NewEvent[], view: WorkflowView, now: number): Reservation | undefined;
  /** An event that is in the log, right before the view folds it; `isForeign`: another process, perhaps, has appended it. */
  fold(event: WorkflowEvent, view: WorkflowView, isForeign: boolean): void;
  /** The log lost events that were folded. */
  lost(stream: StreamId): void;
}

/** What counts ahead of the log. */
export interface Reservation {
  /** What other processes must not have changed meanwhile, in a log that is shared. */
  readonly guard?: MemoryGuard | undefined;
  /** The events did not get into the log. */
  release(): void;
}

/**
 * The memory that policies have beyond one view. The one of this process keeps it in maps; one that several gateways
 * share is told what others have changed, and what it read is compared by the log. Every adapter passes the suite in
 * `test/workflow/signals/signal-store-suite.ts`.
 */
export interface SignalStore extends EventFollower {
  /** Makes a plan ready for every tenant that is in memory; it is the plan in force from the next decision on. */
  prepare(plan: SignalPlan | undefined): Promise<void>;
  /** Fills what a decision in this tenant looks up from history, where it is not there yet. Throws LOG_UNAVAILABLE and LOG_BROKEN. */
  ready(tenant: string): Promise<void> | undefined;
  /**
   * What the plan's policies read about the action, as of this view and with the actions `before` it under way. Throws
   * SIGNAL_FORGOTTEN where a bound was passed and the value is not certain, LOG_UNAVAILABLE where `ready` has to be
   * awaited first.
   */
  read(
    plan: SignalPlan,
    action: Action,
    moment: { readonly view: WorkflowView; readonly now: number },
    before?: readonly Action[],
  ): SignalValues;
}
