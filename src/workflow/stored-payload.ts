import type { ActionDecided, EventType, NewEvent } from '../action/event.ts';
import type { JsonObject } from '../lib/json.ts';
import { isSameJson } from '../lib/same-json.ts';

/** What is stored of a new event: its payload, salted; `requested` only where obligations changed it (see ActionDecided). */
export function storedPayload({ type, payload }: NewEvent, salt: string): JsonObject {
  const stored =
    type === 'action.decided' && isDecidedAsSent(payload)
      ? { ...payload, salt, requested: undefined } // what is undefined is not written; taking it out would take longer
      : { ...payload, salt };
  // Payloads are interfaces of JSON members only; TypeScript does not see that they are a JsonObject.
  return stored as unknown as JsonObject;
}

/** What was decided is what the agent sent: it need not be kept twice. */
export function isDecidedAsSent({ requested, input }: ActionDecided): boolean {
  return input !== undefined && (requested === input || isSameJson(requested, input));
}

/** The payload that was stored so, as everybody reads it. */
export function wholePayload(type: EventType, stored: JsonObject): JsonObject {
  const { requested, input } = stored;
  if (type !== 'action.decided' || requested !== undefined || input === undefined) return stored;
  return { ...stored, requested: input };
}
