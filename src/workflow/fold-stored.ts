import type { StoredEvent, WorkflowEvent } from '../action/event.ts';
import type { Erasure } from '../action/view.ts';
import { parseEvent } from './chain.ts';
import type { FoldedView } from './view.ts';

/** The last erasure among these events. Throws LOG_BROKEN and LOG_VERSION. */
export function erasureIn(events: readonly StoredEvent[]): Erasure | undefined {
  const stored = events.findLast(({ type }) => type === 'payloads.erased');
  const event = stored && parseEvent(stored);
  return event?.type === 'payloads.erased' ? event.payload : undefined;
}

/**
 * The event as it is to be folded; undefined for one that is passed, because the view is of an erased workflow. A payload
 * that is gone although no erasure covers it was taken by somebody else: LOG_BROKEN.
 */
export function readStored({ erased }: FoldedView, stored: StoredEvent): WorkflowEvent | undefined {
  const isPassed = erased !== undefined && stored.type !== 'payloads.erased';
  if (isPassed && (stored.payload !== undefined || stored.seq <= erased.to)) return undefined;
  return parseEvent(stored);
}
