import type { StoredEvent } from './event.ts';

/** Where the events are that a source tells of: a `WorkflowLog`, or something that reads no further than it is asked. */
export interface LedgerEvents {
  /** Events after `afterVersion`, in order, at least up to `upTo`. Throws LOG_UNAVAILABLE. */
  read(
    stream: { readonly tenant: string; readonly workflow: string },
    afterVersion: number,
    upTo: number,
  ): Promise<readonly StoredEvent[]>;
}

/** A place in a tenant's feed, as its source understands it. */
export type FeedCursor = string;

/** One entry of a feed: a workflow has grown by the events `from` to `to`. */
export interface FeedEntry {
  readonly cursor: FeedCursor;
  readonly workflow: string;
  readonly from: number;
  readonly to: number;
}

/** Where a ledger learns of new events, tenant by tenant, in the order in which they became durable. The events are read from the log. */
export interface LedgerSource {
  tenants(): Promise<readonly string[]>;
  /** At most `limit` entries behind `after`, or from the beginning. Empty where there are no more. Throws LOG_UNAVAILABLE. */
  read(
    tenant: string,
    after: FeedCursor | undefined,
    limit: number,
  ): Promise<{ readonly entries: readonly FeedEntry[] }>;
  /** The ledger has everything up to `cursor` for good: the source may forget it. May come again, or not at all, for one cursor. */
  readonly acknowledge?: ((tenant: string, cursor: FeedCursor) => Promise<void>) | undefined;
}
