import type { SQLOutputValue } from 'node:sqlite';
import type { StoredEvent } from '../../action/event.ts';
import type { Head, StreamListing } from '../../action/log-port.ts';
import type { StreamEnd } from '../log-reader.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;

export const EVENT_COLUMNS = 'seq, v, type, at, prev, payload_digest AS payloadDigest, hash, payload';
export const LISTING_COLUMNS = 'tenant, workflow, version, hash, at, open, held';

// The tables are STRICT, so a column cannot hold another type; whether it holds the right value is for the chain to say.

export function eventOfRow({ seq, v, type, at, prev, payloadDigest, hash, payload }: Row): StoredEvent {
  return { seq, v, type, at, prev, payloadDigest, hash, payload: payload ?? undefined } as StoredEvent;
}

export function headOfRow({ version, hash, at }: Row): Head {
  return { version, hash, at } as Head;
}

export function listingOfRow({ tenant, workflow, version, hash, at, open, held }: Row): StreamListing {
  return { tenant, workflow, version, hash, at, open, held } as StreamListing;
}

export function endOfRow({ tenant, workflow, version, hash }: Row): StreamEnd {
  return { tenant, workflow, version, hash: hash ?? undefined } as StreamEnd;
}
