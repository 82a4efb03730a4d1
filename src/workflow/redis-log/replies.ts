import type { StoredEvent } from '../../action/event.ts';
import type { FeedEntry } from '../../action/log-port.ts';
import { InterlockError } from '../../lib/errors.ts';

/** What the append script answers, as its own text describes it. */
export type ScriptReply =
  | readonly ['ok', n: number, epoch: string, entries: readonly RawEntry[]]
  | readonly ['conflict', missed: readonly string[], controls: readonly string[], entries: readonly RawEntry[]]
  | readonly ['away', entries: readonly RawEntry[]]
  | readonly ['lost' | 'wrong', why: string];

export type RawEntry = readonly [
  n: number,
  process: string,
  workflow: string,
  version: number,
  changes: string,
  known: number,
];

export function feedEntry([n, , workflow, version, changes, known]: RawEntry): FeedEntry {
  return { n, workflow, version, changes: known === 1 ? changes : undefined };
}

/** An event as it is stored: an array is half as long as an object. The payload is a JSON string, or null once erased. */
export function packEvent({ v, seq, type, at, prev, payloadDigest, hash, payload }: StoredEvent): string {
  return JSON.stringify([v, seq, type, at, prev, payloadDigest, hash, payload ?? null]);
}

/** Throws LOG_BROKEN for what no Interlock has stored; whether it is the right event is for the chain to say. */
export function unpackEvent(text: string): StoredEvent {
  const stored: unknown = parsed(text);
  if (!Array.isArray(stored) || stored.length !== 8) throw new InterlockError('LOG_BROKEN', 'an event is unreadable');
  const [v, seq, type, at, prev, payloadDigest, hash, payload] = stored;
  return { v, seq, type, at, prev, payloadDigest, hash, payload: payload ?? undefined };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InterlockError('LOG_BROKEN', 'an event is unreadable', { cause });
  }
}
