import type { NewEvent, WorkflowEvent } from '../action/event.ts';
import type { AppendResult, StreamId } from '../action/log-port.ts';
import type { WorkflowView } from '../action/view.ts';

/** What was counted ahead of the log. */
export interface Reservation {
  /** The events did not get into the log. */
  release(): void;
}

/** Keeps something beside the views in step with them, as exactly as they are. All of it is synchronous. */
export interface EventFollower {
  /** Right after a proposal was made on the view, before anything else is proposed anywhere. */
  reserve(events: readonly NewEvent[], view: WorkflowView, now: number): Reservation | undefined;
  /** An event that is in the log, right before the view folds it. */
  fold(event: WorkflowEvent, view: WorkflowView): void;
  /** The log lost events that were folded. */
  lost(stream: StreamId): void;
}

/** The append, after which nothing stays reserved that did not get in. */
export async function releasing(appending: Promise<AppendResult>, reservation: Reservation): Promise<AppendResult> {
  try {
    const result = await appending;
    if (result.status !== 'appended') reservation.release();
    return result;
  } catch (thrown) {
    reservation.release();
    throw thrown;
  }
}
