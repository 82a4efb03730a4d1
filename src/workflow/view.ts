import { UNDO_PREFIX } from '../action/action.ts';
import { isMutating } from '../action/effect.ts';
import type { ActionDecided, EventPayloads, WorkflowEvent } from '../action/event.ts';
import { type Fact, USER_SUBJECT } from '../action/fact.ts';
import { type ResourceRef, resourceKey, resourceOf } from '../action/resource.ts';
import type { ApprovalView, Origin } from '../action/view.ts';
import { InterlockError } from '../lib/errors.ts';
import { cameToNothing, effectOf, isAllowed, isFinal, stateOf, tokensOf } from './action-state.ts';
import { Activity } from './activity.ts';
import { noteProvenance } from './provenance/note-provenance.ts';
import { type ActionRecord, type Approval, type Session, ViewContent } from './view-content.ts';

const MESSAGES_KEPT = 1_000;

/** The fold of one workflow's events: the typed graph that policies read by reference. The same code everywhere. */
export class FoldedView extends ViewContent {
  /** Folds the next event, whose payload has so many `characters`. Throws LOG_BROKEN where it does not follow. */
  apply(event: WorkflowEvent, characters = 0): void {
    if (event.seq !== this.version + 1)
      throw new InterlockError('LOG_BROKEN', `event ${event.seq} follows ${this.version}`);
    if (this.erased !== undefined && event.type !== 'payloads.erased') return this.pass(event);
    this.#fold(event);
    noteProvenance(this, event);
    this.characters += characters;
    this.moveTo(event);
  }

  #fold(event: WorkflowEvent): void {
    switch (event.type) {
      case 'workflow.opened':
        return this.#opened(event.payload, event.at);
      case 'session.opened':
        return this.#sessionOpened(event.payload);
      case 'session.revoked':
        return this.#sessionRevoked(event.payload);
      case 'message.sent':
        return this.#messageSent(event.payload, event.at);
      case 'workflow.frozen':
      case 'workflow.thawed':
        this.frozen = event.type === 'workflow.frozen' || this.forgotLabels;
        return;
      case 'action.decided':
        return this.#decided(event.payload, event.at);
      case 'approval.answered':
        return this.#answered(event.payload);
      case 'action.completed':
        return this.#completed(event.payload);
      case 'label.endorsed':
        this.#session(event.payload.session).activity.endorse(event.payload.label, event.seq);
        this.#session(event.payload.session).origins.delete(event.payload.label);
        return;
      case 'quarantine.set':
        return this.quarantine.set(event.payload);
      case 'quarantine.lifted':
        return this.quarantine.lift(event.payload);
      case 'fact.observed':
        return this.#observed(event.payload);
      case 'scope.frozen':
      case 'scope.thawed':
        return this.freezes.set(event.payload.scope, event.type === 'scope.frozen');
      case 'payloads.erased':
        return this.erase(event.payload);
      case 'policy.activated':
      case 'policy.disagreed':
        return;
      default:
        event satisfies never;
    }
  }

  /** What a fact says of a record was true of it before: it reaches all that had something of the record. */
  #observed(fact: Fact): void {
    this.facts.observed(fact);
    const { subject, labels = [] } = fact;
    if (subject.type === USER_SUBJECT) return;
    const resource = { type: subject.type, id: subject.id };
    const added = this.book.observe(resource, labels, fact.fact);
    if (added.length === 0) return;
    const key = resourceKey(resource);
    const reached = this.lineage.descendantsOf({ resource: key });
    const all = reached === 'everything';
    for (const session of all ? this.sessions.keys() : reached.sessions)
      this.#expose(session, added, { kind: 'fact', fact: fact.fact, resource: key });
    this.book.derive(
      all ? reached : reached.resources.filter((each) => each !== key).map(resourceOf),
      added,
      fact.fact,
    );
  }

  #opened(payload: EventPayloads['workflow.opened'], at: number): void {
    this.openedAt = at;
    this.onBehalfOf = payload.onBehalfOf;
    this.mandate = payload.mandate;
    this.limits = payload.limits;
    this.openedBy = payload.openedBy;
    this.#openedBy(payload);
    this.inherited.push(...payload.labels);
    this.#keep(this.activity.expose(payload.labels));
  }

  #sessionOpened(payload: EventPayloads['session.opened']): void {
    const { session, agent, tokenDigest, delegatedBy, openedBy } = payload;
    this.#openedBy(payload);
    const opened = { id: session, agent, tokenDigest, delegatedBy, openedBy, revoked: false };
    this.sessions.set(session, { ...opened, activity: new Activity(), origins: new Map() });
    // What the workflow brought along from the one it continues reaches every agent of it.
    this.#hand(session, this.inherited, { kind: 'continued' });
    if (delegatedBy === undefined) return;
    this.lineage.told(delegatedBy, session);
    this.#handAll(delegatedBy, session, 'delegation');
  }

  #openedBy({ openedBy, openedByPerson = openedBy }: { openedBy: string; openedByPerson?: string | undefined }): void {
    this.openers.add(openedBy).add(openedByPerson);
  }

  /** Revoking a session revokes what it delegated to. */
  #sessionRevoked(payload: EventPayloads['session.revoked']): void {
    const session = this.sessions.get(payload.session);
    if (session === undefined || session.revoked) return;
    session.revoked = true;
    for (const other of this.sessions.values()) {
      if (other.delegatedBy === payload.session) this.#sessionRevoked({ ...payload, session: other.id });
    }
  }

  #messageSent(payload: EventPayloads['message.sent'], at: number): void {
    const { from, to, kind } = payload;
    this.lineage.told(from, to);
    this.#handAll(from, to, kind);
    if (this.messages.length < MESSAGES_KEPT) this.messages.push({ from, to, kind, at });
    else this.forgotMessages = true;
  }

  #decided(payload: ActionDecided, at: number): void {
    const before = this.actions.get(payload.action);
    if (before?.state === 'held') this.#leaveHeld(before);
    const record: ActionRecord = {
      id: payload.action,
      state: stateOf(payload),
      decided: payload,
      firstDecidedAt: before?.firstDecidedAt ?? at,
      decidedAt: at,
      approvals: before?.approvals ?? [],
    };
    this.actions.set(payload.action, record);
    for (const id of payload.consumes) this.#setApproval(id, 'consumed');
    this.#noteApprovals(record, at);
    if (payload.parts === undefined) this.#noteResources(payload);
    if (payload.decision === 'deny') {
      this.activity.deny(payload.operation);
      this.#session(payload.session).activity.deny(payload.operation);
      return;
    }
    this.open += 1;
    if (record.state === 'held') this.held += 1;
    else this.#reserve(payload);
  }

  #leaveHeld(before: ActionRecord): void {
    this.open -= 1;
    this.held -= 1;
    for (const approval of before.approvals) {
      if (approval.state === 'pending') this.#setApproval(approval.id, 'superseded');
    }
  }

  #reserve(payload: ActionDecided): void {
    const effect = effectOf(payload);
    for (const activity of [this.activity, this.#session(payload.session).activity]) {
      if (payload.parts === undefined) activity.reserve(payload.operation, effect);
      else activity.note(payload.operation);
    }
    // Each part of a batch exposes, shares and counts for itself.
    if (payload.parts !== undefined) return;
    this.#take(payload, tokensOf(payload, undefined));
    this.#expose(payload.session, payload.labels, {
      kind: 'read',
      action: payload.action,
      operation: payload.operation,
    });
    this.#share(payload, payload.resources);
  }

  /** A record carries the labels of those who wrote it to those who read it. */
  #share(decided: ActionDecided, resources: readonly Pick<ResourceRef, 'type' | 'id'>[]): void {
    if (isMutating(effectOf(decided))) {
      this.lineage.wrote(decided, resources);
      this.book.carry(resources, this.#session(decided.session).activity.labelNames(), decided);
    } else this.#readRecords(decided, resources);
  }

  #readRecords({ action, session }: ActionDecided, resources: readonly Pick<ResourceRef, 'type' | 'id'>[]): void {
    for (const { label, ...how } of this.book.carriedBy(resources)) {
      this.#expose(session, [label], 'fact' in how ? { kind: 'fact', ...how } : { kind: 'record', action, ...how });
    }
  }

  #noteApprovals(record: ActionRecord, at: number): void {
    const { approvals, digest } = record.decided;
    if (digest === undefined || approvals.length === 0) return;
    const asked = approvals.map((requested) => {
      const known = this.approvals.get(requested.id);
      if (known !== undefined) {
        known.state = known.answer === undefined ? 'pending' : known.state;
        return known;
      }
      const asked = { action: record.id, digest, requestedAt: at, asked: record.decided };
      const approval: Approval = { ...requested, ...asked, state: 'pending' };
      this.approvals.set(requested.id, approval);
      return approval;
    });
    record.approvals = [...record.approvals.filter((known) => !asked.includes(known)), ...asked];
  }

  #setApproval(id: string, state: ApprovalView['state']): void {
    const approval = this.approvals.get(id);
    if (approval !== undefined) approval.state = state;
  }

  #noteResources(payload: ActionDecided): void {
    const mutates = payload.effect !== undefined && isMutating(payload.effect);
    if (payload.decision === 'deny') this.book.note(payload.resources, 'denied');
    else if (isAllowed(payload)) this.book.note(payload.resources, mutates ? 'written' : 'read');
  }

  #answered(payload: EventPayloads['approval.answered']): void {
    const approval = this.approvals.get(payload.approval);
    if (approval?.state !== 'pending') return;
    approval.state = payload.answer === 'approve' ? 'approved' : 'denied';
    approval.answer = payload;
  }

  #completed(payload: EventPayloads['action.completed']): void {
    const record = this.actions.get(payload.action);
    if (record === undefined || !isAllowed(record.decided)) return;
    const before = record.completed;
    record.completed = payload;
    record.state = 'completed';
    this.open += Number(isFinal(before)) - Number(isFinal(payload));
    if (record.decided.parts !== undefined) return;
    this.#take(record.decided, tokensOf(record.decided, payload) - tokensOf(record.decided, before));
    this.#shown(record.decided, payload);
    const failed = cameToNothing(payload);
    const failedBefore = before !== undefined && cameToNothing(before);
    if (failed && !failedBefore) this.#giveBack(record.decided, payload);
    if (!failed && failedBefore) this.#takeAgain(record.decided, before);
    this.#settle(record.decided, payload, { again: !failed && failedBefore });
  }

  /** What the answer brought. The agent has it only now: what was endorsed away or written since the decision is in it. */
  #shown(decided: ActionDecided, { labels, resources = [], exposed }: EventPayloads['action.completed']): void {
    const { action, session, operation } = decided;
    this.#expose(session, exposed ? [...decided.labels, ...labels] : labels, { kind: 'read', action, operation });
    const reads = exposed && !isMutating(effectOf(decided));
    const shown = reads ? [...decided.resources, ...resources] : resources;
    if (exposed) this.lineage.read(decided, shown);
    if (!action.startsWith(UNDO_PREFIX)) this.quarantine.shown(session, shown);
    // What an answer shows is read, also where the operation writes: a former value, say.
    this.#readRecords(decided, shown);
    if (!reads) this.#share(decided, resources);
  }

  /** Whether a write left anything behind. */
  #settle(
    decided: ActionDecided,
    completed: EventPayloads['action.completed'],
    { again }: { readonly again: boolean },
  ): void {
    if (!isMutating(effectOf(decided)) || !isFinal(completed)) return;
    if (again) this.#share(decided, decided.resources);
    const resources = [...decided.resources, ...(completed.resources ?? [])];
    this.book.settle(resources, decided, !cameToNothing(completed));
  }

  /** A failure that was none, as another gateway's read-back can have it: what was given back is spent after all. */
  #takeAgain(decided: ActionDecided, failure: EventPayloads['action.completed']): void {
    const { session, operation } = decided;
    for (const activity of [this.activity, this.#session(session).activity]) {
      activity.reserve(operation, effectOf(decided));
      if (!failure.exposed) activity.attachAgain(decided.labels, decided.seen);
    }
  }

  #take({ session }: ActionDecided, tokens: number): void {
    for (const activity of [this.activity, this.#session(session).activity]) activity.take(tokens);
  }

  #giveBack(decided: ActionDecided, payload: EventPayloads['action.completed']): void {
    const effect = effectOf(decided);
    const session = this.#session(decided.session);
    for (const activity of [this.activity, session.activity]) {
      activity.giveBack(effect);
      if (!payload.exposed) activity.retract(decided.labels, decided.seen);
    }
  }

  #expose(session: string, labels: readonly string[], origin: Origin): void {
    this.#keep(this.activity.expose(labels));
    this.#hand(session, labels, origin);
  }

  /** What one agent has read reaches another by what it tells it; the workflow has it already. */
  #handAll(from: string, to: string, kind: EventPayloads['message.sent']['kind']): void {
    this.#hand(to, this.#session(from).activity.labelNames(), { kind, from });
  }

  #hand(to: string, labels: readonly string[], origin: Origin): void {
    const { activity, origins } = this.#session(to);
    this.#keep(activity.expose(labels));
    for (const label of labels) if (!origins.has(label)) origins.set(label, origin);
  }

  /** A label that cannot be remembered would be an exposure forgotten: the workflow ends instead. */
  #keep(kept: boolean): void {
    if (kept) return;
    this.forgotLabels = true;
    this.frozen = true;
  }

  #session(id: string): Session {
    const session = this.sessions.get(id);
    if (session === undefined) throw new InterlockError('LOG_BROKEN', `the workflow has no session ${id}`);
    return session;
  }
}
