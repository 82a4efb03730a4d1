import type { StoredEvent } from '../../../src/action/event.ts';
import type { StreamId } from '../../../src/action/log-port.ts';
import { sha256 } from '../../../src/lib/digest.ts';
import { genesisHash, parseEvent } from '../../../src/workflow/chain.ts';
import { type SnapshotSeal, Snapshots } from '../../../src/workflow/snapshot/snapshots.ts';
import { FoldedView } from '../../../src/workflow/view.ts';
import { deepState } from '../../support/deep-state.ts';

/** A seal of whoever knows the word. */
export function sealOf(word: string): SnapshotSeal {
  const seal = (text: string): string => sha256(`${word}\n${text}`);
  return { seal, isSealed: (text, sealed) => seal(text) === sealed };
}

export const SNAPSHOTS = new Snapshots({ versions: ['test'], seal: sealOf('ours') });

/** Derived from the rest when it is asked for. */
const DERIVED = new Set(['ProvenanceBook#last', 'ProvenanceBook#asked', 'ProvenanceBook#order']);

export function wholeState(view: FoldedView): unknown {
  return deepState(view, DERIVED);
}

export function foldAll(stream: StreamId, events: readonly StoredEvent[], onto?: FoldedView): FoldedView {
  const view = onto ?? new FoldedView(stream, genesisHash(stream));
  for (const event of events) view.apply(parseEvent(event), event.payload?.length);
  return view;
}

/** The view, written down and brought back. Throws where it does not come back. */
export async function broughtBack(view: FoldedView): Promise<FoldedView> {
  const again = SNAPSHOTS.restore({ tenant: view.tenant, workflow: view.id }, await SNAPSHOTS.of(view));
  if (again === undefined) throw new Error('the snapshot is not believed');
  return again;
}
