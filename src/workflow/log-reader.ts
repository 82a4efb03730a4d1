import type { StoredEvent } from '../action/event.ts';
import type { Head, StreamId, StreamListing } from '../action/log-port.ts';
import type { Digest } from '../lib/digest.ts';

export interface EventPlace extends StreamId {
  readonly version: number;
}

export interface StreamEnd extends StreamId {
  readonly version: number;
  readonly hash: Digest | undefined;
}

type Eventually<T> = T | Promise<T>;
type Each<T> = Iterable<T> | AsyncIterable<T>;

/** What verification and export read of the log: of the embedded file at once, of a server in its own time. */
export interface LedgerReader {
  /** The last checkpoint that the log knows of; where several keys sign it, of this one. */
  lastCheckpoint(keyId: string | undefined): Eventually<{ readonly n: number; readonly hash: Digest } | undefined>;
  /** Every stream, by tenant and workflow; each as it is when it is reached. */
  streams(): Each<StreamId & Head>;
  /** As {@link streams}, with the hash of the event that is really stored at the end; undefined where none is. */
  ends(): Each<StreamEnd>;
  stream(id: StreamId): Eventually<(StreamId & Head) | undefined>;
  /** Events after `afterVersion`, in order, as they are stored: a gap stays a gap. */
  events(id: StreamId, afterVersion?: number): Each<StoredEvent>;
  /** Of the event at each of these places; undefined where there is none. */
  eventHashes(places: readonly EventPlace[]): Eventually<readonly (Digest | undefined)[]>;
  /** What the store itself finds damaged, in its own words. */
  damage(): Each<string>;
  close(): Eventually<void>;
}

/**
 * A stored log as auditors read it, beside the process that writes it and without changing anything. What cannot be read
 * at all is LOG_BROKEN.
 */
export interface LogReader extends LedgerReader {
  lastCheckpoint(): { readonly n: number; readonly hash: Digest } | undefined;
  streams(): Iterable<StreamListing>;
  ends(): Iterable<StreamEnd>;
  stream(id: StreamId): StreamListing | undefined;
  events(id: StreamId, afterVersion?: number): Iterable<StoredEvent>;
  eventHashes(places: readonly EventPlace[]): readonly (Digest | undefined)[];
  damage(): Iterable<string>;
  close(): void;
}
