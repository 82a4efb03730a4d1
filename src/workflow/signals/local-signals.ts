import type { SignalPlan } from '../../action/signal.ts';
import type { WorkflowView } from '../../action/view.ts';
import type { Digest } from '../../lib/digest.ts';
import type { Change } from './change-of.ts';
import { recordedOccurrence } from './occurrence.ts';
import { SignalState } from './signal-state.ts';

/** The signals of one workflow's own past, made from its view and then kept up with it. */
export class LocalSignals {
  readonly #states = new Map<Digest, SignalState>();

  apply({ before, after }: Change): void {
    for (const state of this.#states.values()) {
      if (before !== undefined) state.take(before);
      state.add(after);
    }
  }

  /** A signal of the plan, filled from the view where it is asked for the first time; then those of former plans go. */
  state(signal: Digest, { declarations }: SignalPlan, view: WorkflowView): SignalState | undefined {
    const known = this.#states.get(signal);
    const declaration = declarations.get(signal);
    if (known !== undefined || declaration === undefined) return known;
    for (const former of this.#states.keys()) if (!declarations.has(former)) this.#states.delete(former);
    const state = new SignalState(declaration);
    const records = [...view.actions.values()].sort((a, b) => a.decided.seen - b.decided.seen);
    for (const record of records) state.add(recordedOccurrence(view, record));
    this.#states.set(signal, state);
    return state;
  }
}
