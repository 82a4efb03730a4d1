import type { ActionDecided, EventPayloads, NewEvent, WorkflowEvent } from '../../action/event.ts';
import type { WorkflowView } from '../../action/view.ts';
import { isAllowed } from '../action-state.ts';
import { approversOf, type Occurrence, occurrenceOf, recordedOccurrence } from './occurrence.ts';

/** Where an action stood, and where it stands now. */
export interface Change {
  readonly before: Occurrence | undefined;
  readonly after: Occurrence;
}

/** What an event changes for signals, on the view that it is about to be folded into; undefined: nothing. */
export function changeOf(event: WorkflowEvent, view: WorkflowView): Change | undefined {
  return changeAhead(event, event.at, view);
}

/** What an event would change that is about to be appended at `at`; undefined: nothing. */
export function changeAhead({ type, payload }: NewEvent, at: number, view: WorkflowView): Change | undefined {
  if (type === 'action.decided') return decidedChange(payload, at, view);
  return type === 'action.completed' ? completedChange(payload, view) : undefined;
}

function completedChange(completed: EventPayloads['action.completed'], view: WorkflowView): Change | undefined {
  const record = view.actions.get(completed.action);
  if (record === undefined || !isAllowed(record.decided)) return undefined;
  return { before: recordedOccurrence(view, record), after: recordedOccurrence(view, { ...record, completed }) };
}

/** What a decision changes that was, or is about to be, made at `at`. */
export function decidedChange(decided: ActionDecided, at: number, view: WorkflowView): Change {
  const record = view.actions.get(decided.action);
  const approvers = approversOf(view, decided);
  return {
    before: record && recordedOccurrence(view, record),
    after: occurrenceOf(decided, { workflow: view.id, at, completed: undefined, approvers }),
  };
}
