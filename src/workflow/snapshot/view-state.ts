import type { ActionDecided, Limits, User } from '../../action/event.ts';
import type { Fact } from '../../action/fact.ts';
import type { StreamId } from '../../action/log-port.ts';
import type { MessageEdge, Origin } from '../../action/view.ts';
import type { Digest } from '../../lib/digest.ts';
import { Activity, type ActivityState } from '../activity.ts';
import { genesisHash } from '../chain.ts';
import type { LineageState } from '../lineage.ts';
import { ProvenanceBook } from '../provenance/provenance-book.ts';
import type { ResourceBookState } from '../resource-book.ts';
import { isDecidedAsSent } from '../stored-payload.ts';
import { FoldedView } from '../view.ts';
import type { ActionRecord, Approval, Session } from '../view-content.ts';
import { notesOf, type ProvenanceText, provenanceOf } from './provenance-state.ts';

type SessionState = Omit<Session, 'activity' | 'origins'> & {
  readonly activity: ActivityState;
  readonly origins: readonly (readonly [label: string, origin: Origin])[];
};
/** `requested` is left out where it is the very input. */
type DecidedState = Omit<ActionDecided, 'requested'> & { readonly requested?: ActionDecided['requested'] };
type ActionState = Omit<ActionRecord, 'approvals' | 'decided'> & {
  readonly decided: DecidedState;
  /** Ids. */
  readonly approvals: readonly string[];
};
/** `asked` is left out where it is the action's last decision. */
type ApprovalState = Omit<Approval, 'asked'> & { readonly asked?: DecidedState };

/** All that the fold of a workflow's events makes, in JSON. */
export interface ViewState {
  readonly version: number;
  readonly characters: number;
  readonly head: Digest;
  readonly at: number;
  readonly openedAt: number;
  readonly onBehalfOf: User;
  readonly mandate: string | undefined;
  readonly limits: Limits;
  readonly frozen: boolean;
  readonly open: number;
  readonly held: number;
  readonly openedBy: string;
  readonly openers: readonly string[];
  readonly inherited: readonly string[];
  readonly forgotLabels: boolean;
  readonly forgotMessages: boolean;
  readonly activity: ActivityState;
  readonly sessions: readonly SessionState[];
  readonly actions: readonly ActionState[];
  readonly approvals: readonly ApprovalState[];
  readonly messages: readonly MessageEdge[];
  readonly quarantine: { readonly sessions: readonly string[]; readonly resources: readonly string[] };
  readonly freezes: {
    readonly tenant: boolean;
    readonly agents: readonly string[];
    readonly systems: readonly string[];
  };
  readonly facts: readonly (readonly [key: string, fact: Fact])[];
  readonly book: ResourceBookState;
  readonly lineage: LineageState;
  readonly provenance: ProvenanceText;
}

/** The state as it is now: it stays so while the view moves on. */
export function stateOf(view: FoldedView): ViewState {
  const { version, characters, head, at, openedAt, onBehalfOf, mandate, limits, frozen, open, held, openedBy } = view;
  const { inherited, forgotLabels, forgotMessages, messages, freezes, quarantine } = view;
  return {
    ...{ version, characters, head, at, openedAt, onBehalfOf, mandate, limits, frozen, open, held, openedBy },
    ...{ forgotLabels, forgotMessages },
    inherited: [...inherited],
    messages: [...messages],
    openers: [...view.openers],
    activity: view.activity.state,
    sessions: [...view.sessions.values()].map(sessionState),
    actions: [...view.actions.values()].map(actionState),
    approvals: [...view.approvals.values()].map((approval) => approvalState(approval, view.actions)),
    quarantine: { sessions: [...quarantine.sessions], resources: [...quarantine.resources] },
    freezes: { tenant: freezes.tenant, agents: [...freezes.agents], systems: [...freezes.systems] },
    facts: [...view.facts],
    book: view.book.state,
    lineage: view.lineage.state,
    provenance: notesOf(view.provenance.state, view.actions),
  };
}

/** The view that had this state. */
export function viewOf(stream: StreamId, state: ViewState): FoldedView {
  const view = new FoldedView(stream, genesisHash(stream));
  const { version, characters, head, at, openedAt, onBehalfOf, mandate, limits, frozen, open, held, openedBy } = state;
  const { forgotLabels, forgotMessages } = state;
  const opened = { openedAt, onBehalfOf, mandate, limits, openedBy };
  Object.assign(view, opened, { version, characters, head, at, frozen, open, held, forgotLabels, forgotMessages });
  for (const opener of state.openers) view.openers.add(opener);
  view.inherited.push(...state.inherited);
  view.activity.restore(state.activity);
  for (const session of state.sessions) view.sessions.set(session.id, sessionOf(session));
  restoreActions(view, state);
  view.messages.push(...state.messages);
  for (const session of state.quarantine.sessions) view.quarantine.sessions.add(session);
  for (const resource of state.quarantine.resources) view.quarantine.resources.add(resource);
  view.freezes.tenant = state.freezes.tenant;
  for (const agent of state.freezes.agents) view.freezes.agents.add(agent);
  for (const system of state.freezes.systems) view.freezes.systems.add(system);
  for (const [key, fact] of state.facts) view.facts.set(key, fact);
  view.book.restore(state.book);
  view.lineage.restore(state.lineage);
  view.provenance = ProvenanceBook.restored(provenanceOf(state.provenance, view.actions));
  return view;
}

function sessionState({ activity, origins, ...session }: Session): SessionState {
  return { ...session, activity: activity.state, origins: [...origins] };
}

function sessionOf({ activity, origins, ...session }: SessionState): Session {
  return { ...session, activity: new Activity().restore(activity), origins: new Map(origins) };
}

function actionState({ decided, approvals, ...action }: ActionRecord): ActionState {
  return { ...action, decided: decidedState(decided), approvals: approvals.map(({ id }) => id) };
}

function decidedState(decided: ActionDecided): DecidedState {
  if (!isDecidedAsSent(decided)) return decided;
  const { requested: _, ...rest } = decided;
  return rest;
}

function decidedOf(state: DecidedState): ActionDecided {
  const { requested = state.input ?? {} } = state;
  return { ...state, requested };
}

function approvalState({ asked, ...approval }: Approval, actions: FoldedView['actions']): ApprovalState {
  return actions.get(approval.action)?.decided === asked ? approval : { ...approval, asked: decidedState(asked) };
}

/** An approval is one object, whether it is found by its id or at its action: the fold changes it in place. */
function restoreActions(view: FoldedView, state: ViewState): void {
  const decided = new Map(state.actions.map((action) => [action.id, decidedOf(action.decided)]));
  for (const { asked, ...approval } of state.approvals) {
    const last = asked === undefined ? decided.get(approval.action) : decidedOf(asked);
    if (last === undefined) throw new Error(`nothing asked for the approval ${approval.id}`);
    view.approvals.set(approval.id, { ...approval, asked: last });
  }
  for (const { approvals, ...action } of state.actions) {
    const own = approvals.flatMap((id) => view.approvals.get(id) ?? []);
    view.actions.set(action.id, {
      ...action,
      decided: decided.get(action.id) ?? decidedOf(action.decided),
      approvals: own,
    });
  }
}
