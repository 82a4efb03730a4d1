import type { Digest } from '../lib/digest.ts';
import type { InterlockError } from '../lib/errors.ts';
import type { StoredEvent } from './event.ts';
import type { LedgerSource } from './ledger-source.ts';

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
  | {
      readonly status: 'conflict';
      readonly missed: readonly StoredEvent[];
      /** Of the tenant's own stream, after the version that the guard names. */
      readonly controls?: readonly StoredEvent[] | undefined;
    };

/** What else must be as the events assume it, in a log that other processes append to as well; others leave it out. */
export interface AppendGuard {
  /** The version of the tenant's own stream that the events rest on. */
  readonly controls?: number | undefined;
  /** Actions that this process executes from now on, and those that it has done with. */
  readonly begun?: readonly string[] | undefined;
  readonly ended?: readonly string[] | undefined;
  readonly memory?: MemoryGuard | undefined;
}

/** What the events read and change of memories wider than a workflow. */
export interface MemoryGuard {
  /** The last entry of the tenant's feed that is counted here; undefined: none is, and none is wanted. */
  readonly seen: number | undefined;
  /** Cells that were read: a change that another process made after `seen` is a conflict. */
  readonly reads: readonly string[];
  readonly touches: readonly string[];
  /** Signals that the cells of `reads` are of, and those whose cells `touches` names: gateways may differ in what they know. */
  readonly asks: readonly string[];
  readonly tells: readonly string[];
  /** For the other processes, as JSON. */
  readonly changes: string;
}

/** What another process appended, as the tenant's feed has it. `changes`: see {@link MemoryGuard}; undefined: not told. */
export interface FeedEntry {
  readonly n: number;
  readonly workflow: string;
  readonly version: number;
  readonly changes: string | undefined;
}

/** An action that a process executes. */
export interface Execution {
  readonly stream: StreamId;
  readonly action: string;
  /** Whether it is this process, one that is there, or one that has ended. */
  readonly by: 'this' | 'other' | 'nobody';
}

/** What a log has that several processes append to. */
export interface SharedLog {
  /** Hears that another process has appended; a hint, which may be missing. The returned function ends it. */
  onMoved(listener: (stream: StreamId, version: number) => void): () => void;
  /** False once the others may take this process for one that has ended: then it must not begin to execute anything. */
  readonly isPresent: boolean;
  /**
   * Hears of the entries of others that an append with a guard of memory has found, before the append is answered; `own` is
   * the number of the entry that it has made.
   */
  onFeed(listener: (tenant: string, entries: readonly FeedEntry[], own: number | undefined) => void): void;
  /** The number of the last entry of the tenant's feed. Throws LOG_UNAVAILABLE. */
  position(tenant: string): Promise<number>;
  /** Throws LOG_UNAVAILABLE. */
  executions(): Promise<readonly Execution[]>;
  /** Workflows with nothing open whose last event is older than `before`, the oldest first. Throws LOG_UNAVAILABLE. */
  idle(tenant: string, before: number, limit: number): Promise<readonly (StreamId & Head)[]>;
  /**
   * Lets the events go of a workflow that the ledger has up to `head`; its head stays. False where it has moved on, or has
   * something open. Throws LOG_UNAVAILABLE.
   */
  sleep(stream: StreamId, head: Pick<Head, 'version' | 'hash'>): Promise<boolean>;
  /**
   * Closes a workflow whose history was lost, or the whole tenant where it is the tenant's own: every append is refused with
   * LOG_LOST from now on, at every process. Throws LOG_UNAVAILABLE.
   */
  lose(stream: StreamId, why: string): Promise<void>;
  /** What a ledger is drained from. */
  readonly source: LedgerSource;
  /** Whether processes have ended that nobody has taken over from yet; it is this one's to do then. Throws LOG_UNAVAILABLE. */
  claimEnded(): Promise<boolean>;
}

/** What a list of workflows shows without folding each; kept by the log in the same transaction as the events. */
export interface StreamSummary {
  /** Actions held, executing or permitted after these events: what a restart must look at. */
  readonly open: number;
  readonly held: number;
}

export interface StreamListing extends StreamId, Head, StreamSummary {}

/** A view as it was right after an event. A cache: only who made it can read it, and the events tell the same. */
export interface KeptSnapshot {
  /** That event's. */
  readonly version: number;
  readonly hash: Digest;
  readonly bytes: Uint8Array;
}

/** The workflow log: append-only, one hash chain a workflow. Every adapter passes the suite in `test/workflow/log-suite.ts`. */
export interface WorkflowLog {
  /** How durable an appended event is, as every answer names it: `synced` survives a power cut, `relaxed` a crash of the process. */
  readonly durability: 'synced' | 'relaxed' | 'memory';
  /**
   * Appends `events` if the stream's version is `expected` (0: it does not exist yet), else answers with what was missed.
   * The chain is computed by the caller and checked here. Throws LOG_UNAVAILABLE, and LOG_LOST for a stream whose end is
   * not there any more.
   */
  append(
    stream: StreamId,
    expected: number,
    events: readonly StoredEvent[],
    summary: StreamSummary,
    guard?: AppendGuard,
  ): Promise<AppendResult>;
  /** Durable and pending events after `afterVersion`, in order. Empty for an unknown stream. Throws LOG_UNAVAILABLE. */
  read(stream: StreamId, afterVersion?: number): Promise<readonly StoredEvent[]>;
  /**
   * The last snapshot kept of the stream, with the events after it, where the stream still has that very event, payload
   * included; else undefined. Throws LOG_UNAVAILABLE.
   */
  readonly snapshot?:
    | ((stream: StreamId) => Promise<{ kept: KeptSnapshot; after: readonly StoredEvent[] } | undefined>)
    | undefined;
  /** Keeps it instead of an earlier one. Losing it costs time and nothing else; that it cannot be kept is no error. */
  readonly keepSnapshot?: ((stream: StreamId, snapshot: KeptSnapshot) => Promise<void>) | undefined;
  /** Newest first; `openOnly`: only those with open actions. Without a tenant: all, for the process itself at its start. */
  list(filter: {
    readonly tenant?: string | undefined;
    readonly openOnly?: boolean;
    readonly limit?: number;
  }): Promise<readonly StreamListing[]>;
  /**
   * Of a log that takes away payloads with the event that says so: workflows whose last event is older than `before`, that
   * have no open action and are not erased; oldest first. No stream whose workflow or tenant begins with `~`.
   */
  readonly erasable?:
    | ((filter: { readonly before: number; readonly limit: number }) => Promise<readonly StreamListing[]>)
    | undefined;
  /**
   * What is wrong, for readiness: that appends fail and there is still no room for them, or that checkpoints cannot be
   * written.
   */
  readonly failure?: (() => Promise<InterlockError | undefined>) | undefined;
  /** Left out: no other process appends. */
  readonly shared?: SharedLog | undefined;
  close(): Promise<void>;
}
