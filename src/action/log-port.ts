import type { Digest } from '../lib/digest.ts';
import type { InterlockError } from '../lib/errors.ts';
import type { StoredEvent } from './event.ts';

export interface StreamId {
  readonly tenant: string;
  readonly workflow: string;
}

/** Begins the names of streams that are no workflows; no id from outside can. */
const INTERNAL_PREFIX = '~';

export function isInternal({ workflow }: StreamId): boolean {
  return workflow.startsWith(INTERNAL_PREFIX);
}

/** The tenant's own stream: what holds in all of its workflows. */
export function tenantStream(tenant: string): StreamId {
  return { tenant, workflow: `${INTERNAL_PREFIX}tenant` };
}

export interface Head {
  readonly version: number;
  readonly hash: Digest;
  readonly at: number;
}

export type AppendResult =
  | {
      readonly status: 'appended';
      /** Resolves when the events, and all that were appended before them, are durable; rejects with LOG_UNAVAILABLE. */
      readonly durable: Promise<void>;
    }
  | { readonly status: 'conflict'; readonly missed: readonly StoredEvent[] };

/** What a list of workflows shows without folding each; kept by the log in the same transaction as the events. */
export interface StreamSummary {
  /** Actions held, executing or permitted after these events: what a restart must look at. */
  readonly open: number;
  readonly held: number;
}

export interface StreamListing extends StreamId, Head, StreamSummary {}

/** The workflow log: append-only, one hash chain a workflow. Every adapter passes the suite in `test/workflow/log-suite.ts`. */
export interface WorkflowLog {
  /** How durable an appended event is, as every answer names it: `synced` survives a power cut, `relaxed` a crash of the process. */
  readonly durability: 'synced' | 'relaxed' | 'memory';
  /**
   * Appends `events` if the stream's version is `expected` (0: it does not exist yet), else answers with what was missed.
   * The chain is computed by the caller and checked here. Throws LOG_UNAVAILABLE.
   */
  append(
    stream: StreamId,
    expected: number,
    events: readonly StoredEvent[],
    summary: StreamSummary,
  ): Promise<AppendResult>;
  /** Durable and pending events after `afterVersion`, in order. Empty for an unknown stream. Throws LOG_UNAVAILABLE. */
  read(stream: StreamId, afterVersion?: number): Promise<readonly StoredEvent[]>;
  /** Newest first; `openOnly`: only those with open actions. Without a tenant: all, for the process itself at its start. */
  list(filter: {
    readonly tenant?: string | undefined;
    readonly openOnly?: boolean;
    readonly limit?: number;
  }): Promise<readonly StreamListing[]>;
  /**
   * What is wrong, for readiness: that appends fail and there is still no room for them, or that checkpoints cannot be
   * written.
   */
  readonly failure?: (() => Promise<InterlockError | undefined>) | undefined;
  close(): Promise<void>;
}
