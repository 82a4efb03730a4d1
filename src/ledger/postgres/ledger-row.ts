import type { StoredEvent } from '../../action/event.ts';
import type { Head, StreamId } from '../../action/log-port.ts';
import type { StreamEnd } from '../../workflow/log-reader.ts';

/** A row as the driver gives it: numbers of eight bytes as digits. */
export type LedgerRow = Readonly<Record<string, string | number | null>>;

export const LEDGER_EVENT = 'seq, v, type, at, prev, payload_digest AS "payloadDigest", hash, payload';
export const LEDGER_STREAM = 'tenant, workflow, version, hash, at';

// The columns cannot hold another type; whether they hold the right value is for the chain to say.

export function eventOfLedgerRow({ seq, v, type, at, prev, payloadDigest, hash, payload }: LedgerRow): StoredEvent {
  const numbers = { seq: Number(seq), at: Number(at) };
  return { v, type, ...numbers, prev, payloadDigest, hash, payload: payload ?? undefined } as StoredEvent;
}

export function streamOfLedgerRow({ tenant, workflow, version, hash, at }: LedgerRow): StreamId & Head {
  return { tenant, workflow, version: Number(version), hash, at: Number(at) } as StreamId & Head;
}

export function endOfLedgerRow({ tenant, workflow, version, hash }: LedgerRow): StreamEnd {
  return { tenant, workflow, version: Number(version), hash: hash ?? undefined } as StreamEnd;
}
