import type { Digest } from '../lib/digest.ts';
import type { ErrorCode } from '../lib/errors.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import type { ActionMode, Activity } from './action.ts';
import type { DecisionKind, Reason } from './decision.ts';
import type { Effect, EffectKind, Spent } from './effect.ts';
import type { Fact } from './fact.ts';
import type { ApprovalObligation, Transformation } from './obligation.ts';
import type { OutcomeStatus } from './outcome.ts';
import type { ActionProvenance, ResultAuthors } from './provenance.ts';
import type { ResourceRef } from './resource.ts';
import type { SignalValues } from './signal.ts';

/** Format of the envelope and payloads below. Readers accept every older one; golden files keep that true. */
export const EVENT_VERSION = 1;

/** One stored event. The payload is beside the chain: it can be erased, and the chain still verifies. */
export interface StoredEvent {
  readonly v: number;
  /** 1, 2, 3, … without gaps. */
  readonly seq: number;
  readonly type: EventType;
  /** Milliseconds since 1970; never decreases within a workflow. */
  readonly at: number;
  /** Hash of the event before; of the workflow's name for the first. */
  readonly prev: Digest;
  readonly payloadDigest: Digest;
  /** Hash of `{ v, seq, type, at, prev, payloadDigest }` in RFC 8785 form. */
  readonly hash: Digest;
  /** RFC 8785 text, or undefined once erased. */
  readonly payload: string | undefined;
}

/** Counts by which a workflow is limited; sums of `effect.count`, and of `effect.tokens`. Left out: not limited. */
export type Limits = Readonly<Partial<Record<EffectKind | 'actions' | 'tokens', number>>>;

export interface User {
  readonly id: string;
  readonly groups?: readonly string[] | undefined;
}

export type FreezeScope = { readonly kind: 'tenant' } | { readonly kind: 'agent' | 'system'; readonly id: string };

/** The events of a workflow, by type. Every payload also carries a random `salt`, so that an erased one cannot be guessed. */
export interface EventPayloads {
  'workflow.opened': {
    readonly tenant: string;
    readonly workflow: string;
    readonly onBehalfOf: User;
    readonly mandate?: string | undefined;
    readonly limits: Limits;
    /** Who opened it: the id of the credential, and the person who holds it, where that has another name. */
    readonly openedBy: string;
    readonly openedByPerson?: string | undefined;
    /** The workflow that this one continues, and the labels it brings. */
    readonly continues?: string | undefined;
    readonly labels: readonly string[];
  };
  'session.opened': {
    readonly session: string;
    readonly agent: string;
    /** SHA-256 of the session's bearer secret. */
    readonly tokenDigest: Digest;
    /** The session that this one was delegated by; it inherits that one's labels. */
    readonly delegatedBy?: string | undefined;
    readonly openedBy: string;
    readonly openedByPerson?: string | undefined;
  };
  'session.revoked': { readonly session: string; readonly by: string; readonly reason: string };
  'message.sent': {
    readonly from: string;
    readonly to: string;
    readonly kind: 'message' | 'hand-off' | 'delegation';
    readonly text?: string | undefined;
  };
  'workflow.frozen': { readonly by: string; readonly reason: string };
  'workflow.thawed': { readonly by: string; readonly reason: string };
  'action.decided': ActionDecided;
  'approval.answered': {
    readonly approval: string;
    readonly answer: 'approve' | 'deny';
    readonly by: string;
    /** Who holds the credential, where that has another name. */
    readonly person?: string | undefined;
    /** The groups of the approver at the time. */
    readonly groups: readonly string[];
    readonly reason: string;
  };
  'action.completed': {
    readonly action: string;
    readonly status: OutcomeStatus;
    /** After result obligations; left out when there is none or it is too large to keep. */
    readonly result?: Json | undefined;
    readonly resultDigest?: Digest | undefined;
    readonly code?: ErrorCode | undefined;
    readonly detail?: string | undefined;
    /** How long the system wants to be left alone, from this event on; only of what failed. */
    readonly retryAfterMs?: number | undefined;
    /** What it took in the end, where the system says so: this counts from here on instead of what was reserved. */
    readonly spent?: Spent | undefined;
    /** Labels found in the result. */
    readonly labels: readonly string[];
    /** Who answers for the fields of the result, as the operation declares it. */
    readonly authors?: ResultAuthors | undefined;
    /** Something of the answer reached the agent, or may have. */
    readonly exposed: boolean;
    /** What the answer shows to have been touched: the record that was created, those that a search found. */
    readonly resources?: readonly Pick<ResourceRef, 'type' | 'id'>[] | undefined;
    /** How a completion probe can ask for an accepted action, as the connector wants it. */
    readonly handle?: JsonObject | undefined;
    /**
     * Who says so: the gateway that executed; an operator that executed itself; an agent that did, and whose word gives
     * nothing back; a read-back, or a restart.
     */
    readonly source: 'execution' | 'caller' | 'agent' | 'read-back' | 'restart' | 'expiry';
  };
  /** A human takes a label away from a session, because what it has read is no danger any more, or never was. */
  'label.endorsed': { readonly session: string; readonly label: string; readonly by: string; readonly reason: string };
  /** What descends from a revoked session or from a read: from now on all of it is denied. */
  'quarantine.set': {
    readonly of: { readonly session: string } | { readonly action: string };
    readonly sessions: readonly string[];
    /** Keys as `resourceKey` makes them. */
    readonly resources: readonly string[];
    readonly by: string;
    readonly reason: string;
  };
  'quarantine.lifted': {
    readonly session?: string | undefined;
    readonly resource?: string | undefined;
    readonly by: string;
    readonly reason: string;
  };
  /** A worker has looked something up that decisions do not wait for. */
  'fact.observed': Fact;
  /** In the tenant's own stream: an agent, a system or the whole tenant is denied everything in every workflow. */
  'scope.frozen': { readonly scope: FreezeScope; readonly by: string; readonly reason: string };
  'scope.thawed': { readonly scope: FreezeScope; readonly by: string; readonly reason: string };
  /**
   * From here on nothing can be read of the events `from` to `to`, and the workflow is closed. A log that takes this event
   * takes away their payloads with it, all but those of this type.
   */
  'payloads.erased': {
    readonly from: number;
    readonly to: number;
    readonly by: string;
    readonly reason: string;
  };
  'policy.activated': { readonly policySet: string; readonly by: string };
  /** The compiled evaluator and the reference evaluator answered differently; the set is evaluated by the latter from here on. */
  'policy.disagreed': {
    readonly policySet: string;
    readonly tenant: string;
    readonly workflow: string;
    readonly action: string;
    readonly operation: string;
    /** Policies that only this one names. */
    readonly compiled: NamedPolicies;
    readonly reference: NamedPolicies;
  };
}

/** Ids of satisfied permits and forbids, and of policies that failed. */
export interface NamedPolicies {
  readonly permits: readonly string[];
  readonly forbids: readonly string[];
  readonly errors: readonly string[];
}

/** Everything that the decision read, so that it replays alone. */
export interface ActionDecided {
  readonly action: string;
  readonly mode: ActionMode;
  readonly session: string;
  readonly agent: string;
  readonly onBehalfOf: string;
  readonly operation: string;
  readonly activity: Activity;
  /** A call that carries so many others, each of which has its own event right behind, and counts for itself. */
  readonly parts?: number | undefined;
  /** The batch that this is a part of. */
  readonly partOf?: string | undefined;
  readonly callDigest: Digest;
  /**
   * The parsed input as the agent sent it: what a re-decision starts from. Stored only where `input` is another or there
   * is none; whoever reads the stored text finds it there. Older events have both.
   */
  readonly requested: JsonObject;
  readonly decision: DecisionKind;
  readonly code?: ErrorCode | undefined;
  readonly reasons: readonly Reason[];
  readonly policySet: string;
  /** The version of the workflow that was seen. */
  readonly seen: number;
  /** The version of the tenant's own stream, which has its freezes; left out where that is empty. */
  readonly seenControls?: number | undefined;
  /** The signals that the policies read: of the input as it was sent, then of the one that obligations made of it. */
  readonly signals?: readonly SignalValues[] | undefined;
  /** The final input; left out for a deny. */
  readonly input?: JsonObject | undefined;
  readonly resultObligations: readonly Transformation[];
  readonly digest?: Digest | undefined;
  readonly effect?: Effect | undefined;
  readonly resources: readonly ResourceRef[];
  readonly labels: readonly string[];
  /** Where the values of the input come from, where a policy asked. */
  readonly provenance?: ActionProvenance | undefined;
  /** For step_up: what was asked of whom. */
  readonly approvals: readonly RequestedApproval[];
  readonly consumes: readonly string[];
  /** For step_up and defer: when it ends in a deny; for `decide`: when the permit ends in `unknown`. */
  readonly deadline?: number | undefined;
  readonly retryAt?: number | undefined;
  readonly waitingFor?: readonly string[] | undefined;
}

export interface RequestedApproval extends ApprovalObligation {
  readonly id: string;
  readonly expiresAt: number;
}

export type EventType = keyof EventPayloads;

/** An event before it has a place in the chain. */
export type NewEvent = { [T in EventType]: { readonly type: T; readonly payload: EventPayloads[T] } }[EventType];

/** A stored event with its payload parsed; what is folded. `payload` is undefined once erased. */
export type WorkflowEvent = {
  [T in EventType]: {
    readonly type: T;
    readonly seq: number;
    readonly at: number;
    readonly hash: Digest;
    readonly payload: EventPayloads[T];
  };
}[EventType];
