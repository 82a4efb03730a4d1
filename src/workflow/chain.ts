import { EVENT_VERSION, type EventType, type NewEvent, type StoredEvent, type WorkflowEvent } from '../action/event.ts';
import type { Head, StreamId } from '../action/log-port.ts';
import { type CanonicalTexts, canonicalJson } from '../lib/canonical-json.ts';
import { copyJson } from '../lib/copy-json.ts';
import { type Digest, digestOf, sha256 } from '../lib/digest.ts';
import { InterlockError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import { storedPayload, wholePayload } from './stored-payload.ts';

/** What the first event's `prev` is: a hash of the workflow's name, so that no two workflows can change places. */
export function genesisHash({ tenant, workflow }: StreamId): Digest {
  return digestOf({ tenant, workflow });
}

interface ChainRequest {
  readonly stream: StreamId;
  /** The last event of the stream, or undefined where there is none yet. */
  readonly head: Head | undefined;
  readonly events: readonly NewEvent[];
  /** Of parts of their payloads, where they are known. */
  readonly texts?: CanonicalTexts | undefined;
  /** Milliseconds since 1970; a clock that went back does not make time go back in the log. */
  readonly now: number;
  /** A fresh secret for each payload. */
  readonly salt: () => string;
}

/** Gives new events their places after `head`. The payload that is stored has a member `salt` besides its own. */
export function chainEvents({ stream, head, events, texts, now, salt }: ChainRequest): StoredEvent[] {
  const at = Math.max(now, head?.at ?? 0);
  let seq = head?.version ?? 0;
  let prev = head?.hash ?? genesisHash(stream);
  return events.map((event) => {
    const text = canonicalJson(storedPayload(event, salt()), texts);
    const envelope = { v: EVENT_VERSION, seq: ++seq, type: event.type, at, prev, payloadDigest: sha256(text) };
    prev = eventHash(envelope);
    return { ...envelope, hash: prev, payload: text };
  });
}

/** SHA-256 of the envelope's RFC 8785 form, written by hand because it is made for every event. */
export function eventHash({ v, seq, type, at, prev, payloadDigest }: Omit<StoredEvent, 'hash' | 'payload'>): Digest {
  return sha256(
    `{"at":${at},"payloadDigest":${JSON.stringify(payloadDigest)},"prev":${JSON.stringify(prev)},"seq":${seq},"type":${JSON.stringify(type)},"v":${v}}`,
  );
}

/** `missing`: an event is not where it belongs; `link`: it does not continue the one before; the others name the part that was changed. */
export type ChainProblemKind = 'missing' | 'link' | 'envelope' | 'payload' | 'time' | 'version';

export interface ChainProblem {
  readonly ok: false;
  /** Where the chain breaks: the event that is wrong, or that is missing. */
  readonly seq: number;
  readonly kind: ChainProblemKind;
  readonly problem: string;
}

/** Judges `event` as the one that follows `head` (undefined: as the first). An erased payload is fine. */
export function verifyLink(
  stream: StreamId,
  head: Head | undefined,
  event: StoredEvent,
): ChainProblem | { ok: true; head: Head } {
  const seq = (head?.version ?? 0) + 1;
  const broken = (kind: ChainProblemKind, problem: string): ChainProblem => ({ ok: false, seq, kind, problem });
  if (event.seq !== seq) return broken('missing', `event ${seq} is missing: event ${event.seq} stands in its place`);
  if (event.v > EVENT_VERSION) return broken('version', `event ${seq} has the newer format ${event.v}`);
  if (eventHash(event) !== event.hash)
    return broken('envelope', `event ${seq} does not have the hash that is recorded for it`);
  if (event.prev !== (head?.hash ?? genesisHash(stream)))
    return broken('link', `event ${seq} does not continue the event before it`);
  if (event.at < (head?.at ?? 0)) return broken('time', `event ${seq} is older than the event before it`);
  if (event.payload !== undefined && sha256(event.payload) !== event.payloadDigest) {
    return broken('payload', `the payload of event ${seq} does not match its digest`);
  }
  return { ok: true, head: { version: seq, hash: event.hash, at: event.at } };
}

/** Verifies events in order, from the first one or from the one after `head`. `head` of the answer is undefined for an empty stream. */
export function verifyChain(
  stream: StreamId,
  events: Iterable<StoredEvent>,
  head?: Head,
): ChainProblem | { ok: true; head: Head | undefined } {
  let last = head;
  for (const event of events) {
    const link = verifyLink(stream, last, event);
    if (!link.ok) return link;
    last = link.head;
  }
  return { ok: true, head: last };
}

const EVENT_TYPES: Readonly<Record<EventType, true>> = {
  'workflow.opened': true,
  'session.opened': true,
  'session.revoked': true,
  'message.sent': true,
  'workflow.frozen': true,
  'workflow.thawed': true,
  'action.decided': true,
  'approval.answered': true,
  'action.completed': true,
  'label.endorsed': true,
  'fact.observed': true,
  'quarantine.set': true,
  'quarantine.lifted': true,
  'scope.frozen': true,
  'scope.thawed': true,
  'payloads.erased': true,
  'policy.activated': true,
  'policy.disagreed': true,
};

/**
 * A stored event as it is folded. Throws LOG_VERSION for a newer format, and LOG_BROKEN for a payload that does not match
 * its digest, for one that was erased (a workflow without its past cannot be continued), and for a type nobody knows.
 */
export function parseEvent({ v, seq, type, at, hash, payload, payloadDigest }: StoredEvent): WorkflowEvent {
  if (v > EVENT_VERSION) throw new InterlockError('LOG_VERSION', `event ${seq} has format ${v}`);
  if (payload === undefined) throw new InterlockError('LOG_BROKEN', `the payload of event ${seq} was erased`);
  if (sha256(payload) !== payloadDigest) {
    throw new InterlockError('LOG_BROKEN', `the payload of event ${seq} does not match its digest`);
  }
  if (!Object.hasOwn(EVENT_TYPES, type))
    throw new InterlockError('LOG_BROKEN', `event ${seq} has the unknown type ${type}`);
  // The salt is for the digest alone: nobody who reads views may see it.
  const { salt: _, ...members } = JSON.parse(payload);
  // The digest proves that this is the text that was made from a payload of this type.
  return { type, seq, at, hash, payload: wholePayload(type, members) } as unknown as WorkflowEvent;
}

/**
 * Events that this process has just chained, as {@link parseEvent} would bring them back: their text was made here, so it
 * is neither hashed nor read again. Parts that `texts` knows are shared, everything else is copied.
 */
export function ownEvents(
  chained: readonly StoredEvent[],
  events: readonly NewEvent[],
  texts?: CanonicalTexts,
): readonly WorkflowEvent[] {
  return chained.map(({ seq, type, at, hash }, index) => {
    const payload = copyJson(events[index]?.payload as unknown as JsonObject, texts);
    return { type, seq, at, hash, payload } as unknown as WorkflowEvent; // chained from these events, in their order
  });
}
