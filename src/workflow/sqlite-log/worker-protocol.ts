import type { StoredEvent } from '../../action/event.ts';
import type { Head, KeptSnapshot, StreamId, StreamListing, StreamSummary, WorkflowLog } from '../../action/log-port.ts';
import type { Digest } from '../../lib/digest.ts';
import type { ErrorCode } from '../../lib/errors.ts';

export interface LogWorkerOptions {
  readonly file: string;
  readonly synchronous: 'full' | 'off';
  /** Bytes that the file may take; unlimited where left out. */
  readonly maxBytes?: number | undefined;
}

/** All that one batch appends to one stream. */
export interface CommitGroup {
  readonly stream: StreamId;
  /** The version that the stream has before. */
  readonly expected: number;
  readonly events: readonly StoredEvent[];
  readonly head: Head;
  readonly summary: StreamSummary;
}

/** The number and hash of a checkpoint's line. */
export interface CheckpointMark {
  readonly n: number;
  readonly hash: Digest;
}

/** What the main thread asks the worker, and what it gets. Requests are served one after the other. */
export interface LogRequests {
  /** One transaction: all of it is durable when the reply arrives, or none of it happened. */
  commit: { readonly ask: readonly CommitGroup[]; readonly reply: undefined };
  head: { readonly ask: StreamId; readonly reply: Head | undefined };
  read: {
    readonly ask: { readonly stream: StreamId; readonly afterVersion: number };
    readonly reply: readonly StoredEvent[];
  };
  snapshot: {
    readonly ask: StreamId;
    readonly reply: { readonly kept: KeptSnapshot; readonly after: readonly StoredEvent[] } | undefined;
  };
  keep: { readonly ask: { readonly stream: StreamId; readonly snapshot: KeptSnapshot }; readonly reply: undefined };
  erasable: {
    readonly ask: { readonly before: number; readonly limit: number };
    readonly reply: readonly StreamListing[];
  };
  list: { readonly ask: Parameters<WorkflowLog['list']>[0]; readonly reply: readonly StreamListing[] };
  /** Whether a batch could be written now. */
  room: { readonly ask: undefined; readonly reply: undefined };
  mark: { readonly ask: CheckpointMark; readonly reply: undefined };
  close: { readonly ask: undefined; readonly reply: undefined };
}

export type RequestKind = keyof LogRequests;

export interface RequestMessage {
  readonly id: number;
  readonly kind: RequestKind;
  readonly ask: LogRequests[RequestKind]['ask'];
}

/** The worker's first message, with id 0, says whether it could open the log. */
export type ReplyMessage =
  | { readonly id: number; readonly reply: LogRequests[RequestKind]['reply'] }
  | { readonly id: number; readonly error: { readonly code: ErrorCode; readonly detail: string } };
