import { isMutating } from '../../action/effect.ts';
import type { EventPayloads, WorkflowEvent } from '../../action/event.ts';
import type { ActionView } from '../../action/view.ts';
import { effectOf } from '../action-state.ts';
import { ProvenanceBook } from './provenance-book.ts';

interface Noted {
  provenance: ProvenanceBook;
  readonly actions: ReadonlyMap<string, ActionView>;
}

/** Notes what an event shows of where values come from. `view` has folded it already. */
export function noteProvenance(view: Noted, event: WorkflowEvent): void {
  switch (event.type) {
    case 'workflow.opened':
      // The hash covers a random salt, so nobody who chooses values knows it.
      view.provenance = new ProvenanceBook(event.hash);
      if (event.payload.mandate !== undefined) view.provenance.ordered(event.payload.mandate);
      // What the workflow before had read is not told, only that it had.
      if (event.payload.labels.length > 0) view.provenance.readUnkept();
      return;
    case 'message.sent':
      return view.provenance.told(event.payload.text ?? '');
    case 'action.completed':
      return noteOutcome(view, event.payload);
    default:
      return view.provenance.stale();
  }
}

function noteOutcome({ provenance, actions }: Noted, completed: EventPayloads['action.completed']): void {
  const decided = actions.get(completed.action)?.decided;
  if (decided === undefined) return;
  const input = decided.input ?? {};
  // A prompt is no record: what stands in it has not been written anywhere.
  const writes = decided.parts === undefined && decided.activity !== 'model' && isMutating(effectOf(decided));
  if (writes && completed.status !== 'failed') provenance.wrote(input);
  const { result, authors = {}, exposed, detail } = completed;
  if (decided.activity === 'model') provenance.answered({ result: result ?? '', input, authors });
  else if (result !== undefined) provenance.read({ result, input, authors });
  // What was shown and is not kept is known to nobody but the agent.
  else if (exposed) provenance.readUnkept();
  // A refusal's words are the system's or those of whoever wrote what it quotes.
  if (detail !== undefined) provenance.read({ result: detail, input: {}, authors: { default: 'others' } });
}
