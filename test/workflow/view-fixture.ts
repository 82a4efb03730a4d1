import type { DecisionKind } from '../../src/action/decision.ts';
import type { Effect } from '../../src/action/effect.ts';
import type { ActionDecided, EventPayloads, NewEvent } from '../../src/action/event.ts';
import type { Head } from '../../src/action/log-port.ts';
import { sha256 } from '../../src/lib/digest.ts';
import { chainEvents, genesisHash, parseEvent } from '../../src/workflow/chain.ts';
import { FoldedView } from '../../src/workflow/view.ts';
import { T0 } from './chain-fixture.ts';

export const STREAM = { tenant: 'acme', workflow: 'wf_view' };

const NOTHING = sha256('');

export const opened = (payload: Partial<EventPayloads['workflow.opened']> = {}): NewEvent => ({
  type: 'workflow.opened',
  payload: { ...STREAM, onBehalfOf: { id: 'ada' }, limits: {}, openedBy: 'opener', labels: [], ...payload },
});

export const session = (id: string, delegatedBy?: string): NewEvent => ({
  type: 'session.opened',
  payload: {
    session: id,
    agent: `agent-${id}`,
    tokenDigest: NOTHING,
    openedBy: 'opener',
    ...(delegatedBy === undefined ? {} : { delegatedBy }),
  },
});

export const revoked = (id: string): NewEvent => ({
  type: 'session.revoked',
  payload: { session: id, by: 'root', reason: 'test' },
});

export const told = (from: string, to: string): NewEvent => ({
  type: 'message.sent',
  payload: { from, to, kind: 'message' },
});

export const endorsed = (id: string, label: string): NewEvent => ({
  type: 'label.endorsed',
  payload: { session: id, label, by: 'root', reason: 'test' },
});

export const frozen: NewEvent = { type: 'workflow.frozen', payload: { by: 'root', reason: 'test' } };
export const thawed: NewEvent = { type: 'workflow.thawed', payload: { by: 'root', reason: 'test' } };

const READ: Effect = { kind: 'read', reversible: 'operation', external: false, privileged: false, count: 1 };

/** A decision on an action of session `a`, which reads unless `more` says otherwise. */
export function decided(action: string, decision: DecisionKind, more: Partial<ActionDecided> = {}): NewEvent {
  const payload: ActionDecided = {
    action,
    mode: 'run',
    session: 'a',
    agent: 'agent-a',
    onBehalfOf: 'ada',
    operation: 'notes.note.read',
    activity: 'tool',
    callDigest: NOTHING,
    requested: {},
    decision,
    reasons: [],
    policySet: 'none',
    seen: 0,
    resultObligations: [],
    effect: READ,
    resources: [],
    labels: [],
    approvals: [],
    consumes: [],
    digest: NOTHING,
    ...more,
  };
  return { type: 'action.decided', payload };
}

export function completed(
  action: string,
  status: EventPayloads['action.completed']['status'],
  more: Partial<EventPayloads['action.completed']> = {},
): NewEvent {
  return {
    type: 'action.completed',
    payload: { action, status, labels: [], exposed: status !== 'failed', source: 'execution', ...more },
  };
}

/** A view and the one way to bring events into it: chained, stored, parsed and folded, as a log brings them. */
export class History {
  readonly view = new FoldedView(STREAM, genesisHash(STREAM));
  #head: Head | undefined;

  constructor(...events: readonly NewEvent[]) {
    this.add(...events);
  }

  add(...events: readonly NewEvent[]): this {
    for (const event of events) this.#add(event);
    return this;
  }

  /** A decision is made on the version right before it. */
  #add(event: NewEvent): void {
    const seen = this.view.version;
    const made = event.type === 'action.decided' ? { ...event, payload: { ...event.payload, seen } } : event;
    const stored = chainEvents({ stream: STREAM, head: this.#head, events: [made], now: T0, salt: () => 'salt' });
    for (const { seq: version, hash, at, ...rest } of stored) {
      this.view.apply(parseEvent({ seq: version, hash, at, ...rest }));
      this.#head = { version, hash, at };
    }
  }
}

/** What a workflow with one session `a` is after these events. */
export function viewAfter(...events: readonly NewEvent[]): FoldedView {
  return new History(opened(), session('a'), ...events).view;
}

export function labelsOf({ activity }: Pick<FoldedView, 'activity'>): readonly string[] {
  return [...activity.labels].map(({ id }) => id).sort();
}

export function sessionLabels(view: FoldedView, id: string): readonly string[] {
  const found = view.sessions.get(id);
  return found === undefined ? [] : [...found.activity.labels].map((label) => label.id).sort();
}
