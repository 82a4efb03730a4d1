import type { ActionDecided, WorkflowEvent } from '../../action/event.ts';
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
  if (event.type === 'action.decided') return decidedChange(event.payload, event.at, view);
  if (event.type !== 'action.completed') return undefined;
  const record = view.actions.get(event.payload.action);
  if (record === undefined || !isAllowed(record.decided)) return undefined;
  return {
    before: recordedOccurrence(view, record),
    after: recordedOccurrence(view, { ...record, completed: event.payload }),
  };
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
