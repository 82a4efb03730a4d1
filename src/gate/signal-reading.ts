import type { Action } from '../action/action.ts';
import type { PolicySet } from '../action/policy-port.ts';
import type { SignalValues } from '../action/signal.ts';
import type { SignalStore } from '../action/signal-store.ts';
import type { WorkflowView } from '../action/view.ts';

export interface SignalReading {
  /**
   * What the policies read of the past for this form of the action; undefined where they read nothing. `before`: parts of
   * the same batch that count as done already.
   */
  of(action: Action, before?: readonly Action[]): SignalValues | undefined;
  /** All that was read for one action, for its decision to record. */
  recorded(id: string): { readonly signals?: readonly SignalValues[] };
}

const NOTHING_READ: SignalReading = { of: () => undefined, recorded: () => ({}) };

/** One decision's look at the signals: the input as it was sent, and the one that obligations make of it. */
export function readSignals(
  store: Pick<SignalStore, 'read'> | undefined,
  { signals: plan }: PolicySet,
  moment: { readonly view: WorkflowView; readonly now: number },
): SignalReading {
  if (store === undefined || plan === undefined) return NOTHING_READ;
  const read = new Map<string, SignalValues[]>();
  return {
    of: (action, before) => {
      if (!plan.readBy.has(action.operation)) return undefined;
      const values = store.read(plan, action, moment, before);
      const known = read.get(action.id);
      if (known === undefined) read.set(action.id, [values]);
      else known.push(values);
      return values;
    },
    recorded: (id) => {
      const signals = read.get(id);
      return signals === undefined ? {} : { signals };
    },
  };
}
