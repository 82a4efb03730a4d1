import type { FreezeScope, Limits, User } from '../action/event.ts';

export interface OpenRequest {
  readonly onBehalfOf: User;
  readonly mandate?: string | undefined;
  readonly limits?: Limits | undefined;
  /** The workflow that this one goes on from; its labels come along. Same tenant. */
  readonly continues?: string | undefined;
}

export interface SessionRequest {
  readonly agent: string;
  /** The session that delegates to this one; its labels come along, and it may not approve for it. */
  readonly delegatedBy?: string | undefined;
}

export interface OpenedSession {
  readonly session: string;
  readonly workflow: string;
  readonly agent: string;
  /** The bearer token; shown once, kept only as a digest. */
  readonly token: string;
}

export interface MessageRequest {
  /** Session id of the receiver, in the same workflow. */
  readonly to: string;
  readonly kind: 'message' | 'hand-off' | 'delegation';
  readonly text?: string | undefined;
}

export interface FreezeRequest {
  readonly scope: FreezeScope;
  readonly frozen: boolean;
  readonly reason: string;
}

/** Exactly one of session and action. */
export interface QuarantineRequest {
  readonly session?: string | undefined;
  readonly action?: string | undefined;
  readonly reason: string;
}

/** Exactly one of session and resource. */
export interface ReleaseRequest {
  readonly session?: string | undefined;
  readonly resource?: { readonly type: string; readonly id: string } | undefined;
  readonly reason: string;
}
