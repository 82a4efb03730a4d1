import type { ActionDecided, EventPayloads, StoredEvent } from '../../action/event.ts';
import type { StreamId } from '../../action/log-port.ts';
import { isAllowed } from '../action-state.ts';
import { parseEvent } from '../chain.ts';
import { type Occurrence, occurrenceOf } from './occurrence.ts';

/** What happened in one workflow, as its events tell it. */
export interface Past {
  readonly version: number;
  readonly occurrences: readonly Occurrence[];
  /** When something happened that cannot be read any more. */
  readonly erased: readonly number[];
}

interface Known {
  readonly decided: ActionDecided;
  readonly at: number;
  completed?: EventPayloads['action.completed'];
}

/** Throws LOG_BROKEN and LOG_VERSION, but not for erased payloads. */
export function pastOf({ workflow }: StreamId, events: readonly StoredEvent[]): Past {
  const actions = new Map<string, Known>();
  const approvers = new Map<string, string>();
  const erased: number[] = [];
  for (const stored of events) {
    if (!CONCERNED.has(stored.type)) continue;
    if (stored.payload === undefined) {
      erased.push(stored.at);
      continue;
    }
    const event = parseEvent(stored);
    if (event.type === 'approval.answered') approvers.set(event.payload.approval, event.payload.by);
    if (event.type === 'action.decided') actions.set(event.payload.action, { decided: event.payload, at: event.at });
    if (event.type !== 'action.completed') continue;
    const known = actions.get(event.payload.action);
    if (known !== undefined && isAllowed(known.decided)) known.completed = event.payload;
  }
  const occurrences = [...actions.values()].map(({ decided, at, completed }) => {
    const given = decided.consumes.flatMap((id) => approvers.get(id) ?? []);
    return occurrenceOf(decided, { workflow, at, completed, approvers: given });
  });
  return { version: events.at(-1)?.seq ?? 0, occurrences, erased };
}

const CONCERNED: ReadonlySet<string> = new Set(['action.decided', 'action.completed', 'approval.answered']);
