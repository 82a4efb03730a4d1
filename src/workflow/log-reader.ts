import type { StoredEvent } from '../action/event.ts';
import type { StreamId, StreamListing } from '../action/log-port.ts';
import type { Digest } from '../lib/digest.ts';

/**
 * A stored log as auditors read it, beside the process that writes it and without changing anything. What cannot be read
 * at all is LOG_BROKEN.
 */
export interface LogReader {
  /** The last checkpoint that the log knows of. */
  lastCheckpoint(): { readonly n: number; readonly hash: Digest } | undefined;
  /** Every stream, by tenant and workflow; each as it is when it is reached. */
  streams(): Iterable<StreamListing>;
  stream(id: StreamId): StreamListing | undefined;
  /** Events after `afterVersion`, in order, as they are stored: a gap stays a gap. */
  events(id: StreamId, afterVersion?: number): Iterable<StoredEvent>;
  eventHash(id: StreamId, seq: number): Digest | undefined;
  /** What the store itself finds damaged, in its own words. */
  damage(): Iterable<string>;
  close(): void;
}
