import type { Effect } from '../action/effect.ts';
import type { ActionDecided, EventPayloads, NewEvent } from '../action/event.ts';
import type { ActionView, WorkflowView } from '../action/view.ts';
import { InterlockError } from '../lib/errors.ts';

type Completion = EventPayloads['action.completed'];

/** Whether an allowed decision stands: the action was permitted, is executing, or has ended otherwise than failed. */
export function isAllowed(decided: ActionDecided): boolean {
  return decided.decision === 'allow' || decided.decision === 'modify';
}

/** Whether nothing more will be learnt of the outcome. An accepted one, or one that a read-back may settle, stays open. */
export function isFinal(completed: EventPayloads['action.completed'] | undefined): boolean {
  if (completed === undefined || completed.status === 'accepted') return false;
  return completed.status !== 'unknown' || ['read-back', 'caller', 'agent', 'expiry'].includes(completed.source);
}

/** Whether it certainly left nothing behind. That an agent says so of its own call is no evidence. */
export function cameToNothing({ status, source }: EventPayloads['action.completed']): boolean {
  return status === 'failed' && source !== 'agent';
}

/** What the log's list says of a workflow once `events` are in: the same as folding them, before it is known whether they are. */
export function summaryAfter(view: WorkflowView, events: readonly NewEvent[]): { open: number; held: number } {
  let { open, held } = view;
  for (const event of events) {
    if (event.type === 'action.decided') {
      const wasHeld = view.actions.get(event.payload.action)?.state === 'held';
      const state = stateOf(event.payload);
      open += Number(state !== 'denied') - Number(wasHeld);
      held += Number(state === 'held') - Number(wasHeld);
    } else if (event.type === 'action.completed') {
      const before = view.actions.get(event.payload.action)?.completed;
      open += Number(isFinal(before)) - Number(isFinal(event.payload));
    }
  }
  return { open, held };
}

export function stateOf(decided: ActionDecided): ActionView['state'] {
  switch (decided.decision) {
    case 'deny':
      return 'denied';
    case 'step_up':
    case 'defer':
      return 'held';
    case 'allow':
    case 'modify':
      return decided.mode === 'run' ? 'executing' : 'permitted';
    default:
      return decided.decision satisfies never;
  }
}

/** The effect as it counts once `completed` is known: what was really taken instead of what was reserved. */
export function settledEffect<E extends Effect | undefined>(effect: E, completed: Completion | undefined): E {
  return effect === undefined || completed?.spent === undefined ? effect : { ...effect, ...completed.spent };
}

/** Tokens that an allowed action holds. */
export function tokensOf(decided: ActionDecided, completed: Completion | undefined): number {
  if (decided.parts !== undefined || (completed !== undefined && cameToNothing(completed))) return 0;
  return settledEffect(decided.effect, completed)?.tokens ?? 0;
}

export function effectOf(decided: ActionDecided): NonNullable<ActionDecided['effect']> {
  if (decided.effect === undefined)
    throw new InterlockError('LOG_BROKEN', `action ${decided.action} was allowed without an effect`);
  return decided.effect;
}
