import type { Limits, User, WorkflowEvent } from '../action/event.ts';
import type { ResourceRef } from '../action/resource.ts';
import type {
  ActionView,
  ApprovalView,
  Descendants,
  Erasure,
  MessageEdge,
  Origin,
  QuarantineSource,
  ResourceUse,
  SessionView,
  WorkflowView,
} from '../action/view.ts';
import type { Digest } from '../lib/digest.ts';
import { Activity } from './activity.ts';
import { Facts } from './facts.ts';
import { Freezes } from './freezes.ts';
import { Lineage } from './lineage.ts';
import { ProvenanceBook } from './provenance/provenance-book.ts';
import { Quarantine } from './quarantine.ts';
import { ResourceBook } from './resource-book.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type Session = Mutable<SessionView> & { readonly activity: Activity; readonly origins: Map<string, Origin> };
export type ActionRecord = Mutable<ActionView>;
export type Approval = Mutable<ApprovalView>;

/** What a view holds, and what is said of it. */
export class ViewContent implements WorkflowView {
  readonly tenant: string;
  readonly id: string;
  version = 0;
  characters = 0;
  head: Digest;
  at = 0;
  openedAt = 0;
  onBehalfOf: User = { id: '' };
  mandate: string | undefined;
  limits: Limits = {};
  frozen = false;
  erased: Erasure | undefined;
  open = 0;
  held = 0;
  openedBy = '';
  readonly openers = new Set<string>();
  activity = new Activity();
  readonly sessions = new Map<string, Session>();
  readonly actions = new Map<string, ActionRecord>();
  readonly approvals = new Map<string, Approval>();
  readonly messages: MessageEdge[] = [];

  readonly quarantine = new Quarantine();
  readonly freezes = new Freezes();
  readonly facts = new Facts();
  provenance: ProvenanceBook;

  book = new ResourceBook();
  lineage = new Lineage();
  /** Labels that the workflow brought along from the one it continues. */
  readonly inherited: string[] = [];
  forgotLabels = false;
  forgotMessages = false;

  constructor(stream: { readonly tenant: string; readonly workflow: string }, genesis: Digest) {
    this.tenant = stream.tenant;
    this.id = stream.workflow;
    this.head = genesis;
    this.provenance = new ProvenanceBook(genesis);
  }

  get resources(): ReadonlyMap<string, ResourceUse> {
    return this.book.uses;
  }

  get overflowed(): boolean {
    return (
      this.erased !== undefined ||
      this.forgotLabels ||
      this.forgotMessages ||
      this.book.overflowed ||
      this.lineage.overflowed
    );
  }

  descendantsOf(source: QuarantineSource): Descendants | 'everything' {
    return this.erased === undefined ? this.lineage.descendantsOf(source) : 'everything';
  }

  carriedLabels(resources: readonly Pick<ResourceRef, 'type' | 'id'>[]): readonly string[] {
    return this.book.carriedBy(resources).map(({ label }) => label);
  }

  observedLabels(resource: Pick<ResourceRef, 'type' | 'id'>): readonly string[] {
    return this.book.observedOf(resource);
  }

  /** Goes on past an event of a workflow that was erased. */
  pass(event: Pick<WorkflowEvent, 'seq' | 'hash' | 'at'>): void {
    if (event.seq === 1) this.openedAt = event.at;
    this.moveTo(event);
  }

  protected moveTo({ seq, hash, at }: Pick<WorkflowEvent, 'seq' | 'hash' | 'at'>): void {
    this.version = seq;
    this.head = hash;
    this.at = at;
  }

  /** Forgets everything but where the workflow stands. */
  erase({ from, to, by, reason }: Erasure): void {
    this.erased = { from, to, by, reason };
    this.frozen = true;
    this.characters = 0;
    this.onBehalfOf = { id: 'erased' };
    this.mandate = undefined;
    this.limits = {};
    this.openedBy = '';
    this.inherited.length = 0;
    this.messages.length = 0;
    for (const known of [this.openers, this.sessions, this.actions, this.approvals, this.facts]) known.clear();
    for (const known of [this.quarantine.sessions, this.quarantine.resources]) known.clear();
    this.activity = new Activity();
    this.book = new ResourceBook();
    this.lineage = new Lineage();
    this.provenance = new ProvenanceBook(this.head);
  }
}
