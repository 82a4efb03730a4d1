import { BOUNDS } from '../lib/bounds.ts';
import type { Digest } from '../lib/digest.ts';
import type { Principal } from './action.ts';
import type { EffectKind } from './effect.ts';
import type { ActionDecided, EventPayloads, Limits, RequestedApproval, User } from './event.ts';
import type { Fact } from './fact.ts';
import type { EntityRef } from './policy-port.ts';
import type { ProvenanceView } from './provenance.ts';
import type { ResourceRef } from './resource.ts';

/** Sums of `effect.count` over actions that were allowed and have not failed: in flight, succeeded, accepted or unknown. */
export type Counts = Readonly<Record<EffectKind, number>>;

/** What a workflow, or one agent session in it, has done so far. Read by reference, never copied. */
export interface ActivityView {
  /** Allowed actions that have not failed. */
  readonly actions: number;
  /** Attempts that were denied. */
  readonly denied: number;
  readonly counts: Counts;
  /** Of language models: taken by what has ended, and reserved for what has not. */
  readonly tokens: number;
  /** `Action::"…"` of every allowed operation. */
  readonly did: ReadonlySet<EntityRef>;
  /** `Action::"…"` of every denied operation. */
  readonly deniedOperations: ReadonlySet<EntityRef>;
  /** `System::"…"` of every system touched. */
  readonly systems: ReadonlySet<EntityRef>;
  /** `Label::"…"` of everything that was read, handed on included. */
  readonly labels: ReadonlySet<EntityRef>;
}

/** How a session came to a label the first time. */
export type Origin =
  | { readonly kind: 'read'; readonly action: string; readonly operation: string }
  | { readonly kind: 'record'; readonly action: string; readonly resource: string; readonly writtenBy: string }
  /** It had something of a record that a fact was found to be true of. */
  | { readonly kind: 'fact'; readonly fact: string; readonly resource: string }
  | { readonly kind: 'message' | 'hand-off' | 'delegation'; readonly from: string }
  | { readonly kind: 'continued' };

export interface SessionView {
  readonly id: string;
  readonly agent: string;
  readonly tokenDigest: Digest;
  readonly delegatedBy?: string | undefined;
  /** The operator who issued its token. */
  readonly openedBy: string;
  readonly revoked: boolean;
  readonly activity: ActivityView;
  /** By label; at least for every label that the session has. */
  readonly origins: ReadonlyMap<string, Origin>;
}

/** Where an action stands. `held`: waits for a human or a fact. `permitted`: allowed to a caller that executes itself. */
export type ActionState = 'denied' | 'held' | 'executing' | 'permitted' | 'completed';

export interface ActionView {
  readonly id: string;
  readonly state: ActionState;
  /** The last decision; an action that was held has had others before. */
  readonly decided: ActionDecided;
  /** When it was first decided; a delay counts from here. */
  readonly firstDecidedAt: number;
  readonly decidedAt: number;
  readonly completed?: EventPayloads['action.completed'] | undefined;
  readonly approvals: readonly ApprovalView[];
}

export type ApprovalState = 'pending' | 'approved' | 'denied' | 'consumed' | 'superseded';

export interface ApprovalView extends RequestedApproval {
  readonly action: string;
  readonly digest: Digest;
  readonly state: ApprovalState;
  readonly requestedAt: number;
  /** The decision that asked: what the digest covers and the approver is shown. */
  readonly asked: ActionDecided;
  readonly answer?: EventPayloads['approval.answered'] | undefined;
}

export interface ResourceUse {
  readonly type: string;
  readonly id: string;
  readonly read: number;
  readonly written: number;
  readonly denied: number;
}

export interface MessageEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EventPayloads['message.sent']['kind'];
  readonly at: number;
}

/** What is frozen in a tenant, beside single workflows. */
export interface FreezesView {
  readonly tenant: boolean;
  /** Names of agents. */
  readonly agents: ReadonlySet<string>;
  readonly systems: ReadonlySet<string>;
}

export interface QuarantineView {
  readonly sessions: ReadonlySet<string>;
  /** Keys as `resourceKey` makes them. */
  readonly resources: ReadonlySet<string>;
}

/** A session, or an action whose answer was read or whose effect was left. */
export type QuarantineSource = { readonly session: string } | { readonly action: string };

export interface Descendants {
  readonly sessions: readonly string[];
  /** Keys as `resourceKey` makes them. */
  readonly resources: readonly string[];
}

/** That payloads of a workflow were erased: what it was is not known any more. */
export interface Erasure {
  readonly from: number;
  readonly to: number;
  readonly by: string;
  readonly reason: string;
}

/** The graph folded from one workflow's events. */
export interface WorkflowView {
  readonly tenant: string;
  readonly id: string;
  readonly version: number;
  /** Hash of the last event. */
  readonly head: Digest;
  /** Of all payloads: what the view takes in memory, roughly. */
  readonly characters: number;
  /** `at` of the last event. */
  readonly at: number;
  readonly openedAt: number;
  /** Whoever opened it: the id of the credential. */
  readonly openedBy: string;
  /** Ids of all credentials that opened the workflow or let an agent in, and the persons who hold them. */
  readonly openers: ReadonlySet<string>;
  readonly onBehalfOf: User;
  readonly mandate?: string | undefined;
  readonly limits: Limits;
  /** Frozen, or erased. */
  readonly frozen: boolean;
  /** The last one; nothing else is in such a view, and nothing can be added to it. */
  readonly erased?: Erasure | undefined;
  readonly quarantine: QuarantineView;
  /** Of a tenant's own stream. */
  readonly freezes: FreezesView;
  readonly activity: ActivityView;
  readonly sessions: ReadonlyMap<string, SessionView>;
  readonly actions: ReadonlyMap<string, ActionView>;
  readonly approvals: ReadonlyMap<string, ApprovalView>;
  readonly resources: ReadonlyMap<string, ResourceUse>;
  readonly messages: readonly MessageEdge[];
  /** The last observation of each fact about each subject, by `factKey`; it may have expired. */
  readonly facts: ReadonlyMap<string, Fact>;
  /** Where values come from. */
  readonly provenance: ProvenanceView;
  /** Some detail was forgotten at a bound; decisions can only have become stricter. */
  readonly overflowed: boolean;
  /** Actions that are held, executing or permitted: the workflow must not be forgotten. */
  readonly open: number;
  readonly held: number;
  /** What had something of the source, by messages, delegation and shared records; `everything` once that is forgotten. */
  descendantsOf(source: QuarantineSource): Descendants | 'everything';
  /** What reading these exposes to, beside what the input says: because of who wrote them, or of what facts say. */
  carriedLabels(resources: readonly Pick<ResourceRef, 'type' | 'id'>[]): readonly string[];
  /** What facts say of a record, beside what the input of an action says. */
  observedLabels(resource: Pick<ResourceRef, 'type' | 'id'>): readonly string[];
}

/** Whether only what must not be lost may still be added: outcomes, answers and refusals. */
export function isFull({ version, characters }: WorkflowView): boolean {
  return version >= BOUNDS.workflowEvents || characters >= BOUNDS.workflowCharacters;
}

/** The principal that a session of this workflow is. */
export function principalOf(view: WorkflowView, session: SessionView): Principal {
  return {
    tenant: view.tenant,
    workflow: view.id,
    session: session.id,
    agent: session.agent,
    onBehalfOf: view.onBehalfOf.id,
  };
}
