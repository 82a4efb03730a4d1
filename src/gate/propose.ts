import type { Action, Principal } from '../action/action.ts';
import type { ActionDecided, NewEvent, RequestedApproval } from '../action/event.ts';
import type { ApprovalObligation } from '../action/obligation.ts';
import type { PolicyEvaluation, PolicySet } from '../action/policy-port.ts';
import type { SignalValues } from '../action/signal.ts';
import type { SignalStore } from '../action/signal-store.ts';
import { type ActionView, isFull, type WorkflowView } from '../action/view.ts';
import type { Registry } from '../connector/registry.ts';
import { BOUNDS } from '../lib/bounds.ts';
import type { Digest } from '../lib/digest.ts';
import { asInterlockError, type ErrorCode, InterlockError } from '../lib/errors.ts';
import type { IdSource } from '../lib/ids.ts';
import type { Proposal } from '../workflow/live-workflow.ts';
import { type Decided, decide, ruleReason } from './decide.ts';
import { partsIn } from './part-outcomes.ts';
import { recordedProvenance } from './recorded-provenance.ts';
import { readSignals, type SignalReading } from './signal-reading.ts';
import { unseenLabels } from './unseen-labels.ts';

export interface ProposeParts {
  readonly registry: Registry;
  readonly ids: IdSource;
  /** The set in force; read once per decision. */
  readonly policySet: () => PolicySet;
  /** The tenant's own stream as it is now. Throws LOG_UNAVAILABLE where it has to be read first. */
  readonly controls: (tenant: string) => WorkflowView;
  readonly evaluate: (
    policySet: PolicySet,
    action: Action,
    view: WorkflowView,
    now: number,
    signals?: SignalValues,
  ) => PolicyEvaluation;
  /** What policies remember beyond the view; left out, they remember nothing. */
  readonly signals?: Pick<SignalStore, 'read'> | undefined;
}

/** The decision event to append, and the decision itself where Interlock is to execute it. */
type DecisionProposal = Proposal<ActionDecided | undefined>;

const NOTHING: DecisionProposal = { events: [], result: undefined };

/** An action id is one call of one session. Throws ACTION_ID_REUSED for any other. */
export function refuseReuse({ decided }: ActionView, asked: Pick<Action, 'callDigest' | 'principal'>): void {
  if (decided.callDigest !== asked.callDigest || decided.session !== asked.principal.session)
    throw new InterlockError('ACTION_ID_REUSED');
}

/** Decides the action on the version at hand, unless another gateway has; then it stands where that one brought it. */
export function propose(parts: ProposeParts, action: Action, view: WorkflowView, now: number): DecisionProposal {
  const before = view.actions.get(action.id);
  if (before === undefined) return decideOn(parts, action, view, now);
  refuseReuse(before, action);
  return NOTHING;
}

/** Decides the action and says what is to be appended. */
function decideOn(parts: ProposeParts, action: Action, view: WorkflowView, now: number): DecisionProposal {
  const before = view.actions.get(action.id);
  // Such a session has no place in the graph, so not even its refusal can be recorded.
  if (!view.sessions.has(action.principal.session)) throw new InterlockError('SESSION_REVOKED');
  if (isFull(view)) throw new InterlockError('WORKFLOW_FULL');
  const policySet = parts.policySet();
  const controls = parts.controls(view.tenant);
  const signals = readSignals(parts.signals, policySet, { view, now });
  const decided = decide({
    action,
    view,
    freezes: controls.freezes,
    now,
    policySet,
    facts: parts.registry.catalog.facts,
    evaluate: (candidate, on, earlier) => parts.evaluate(policySet, candidate, on, now, signals.of(candidate, earlier)),
    unseen: (candidate) => unseenLabels(parts.registry, candidate, view),
    withInput: (candidate, input) => parts.registry.withInput(candidate, input),
  });
  const moment = { signals, policySet, view, controls, now, ids: parts.ids };
  const payload = payloadOf(action, decided, moment);
  if (before !== undefined && stillWaits(before, payload)) return NOTHING;
  const executes = payload.mode === 'run' && (payload.decision === 'allow' || payload.decision === 'modify');
  const texts = new Map([...(action.texts ?? []), ...(decided.action.texts ?? [])]);
  const carried = (decided.action.parts ?? []).map((part, index) => partPayload(payload, part, { index, moment }));
  return { events: [payload, ...carried].map(decidedEvent), texts, result: executes ? payload : undefined };
}

/** Decides a held action anew; past its deadline, or where it can no longer be an action, it ends in a deny. */
export function proposeAgain(parts: ProposeParts, id: string, view: WorkflowView, now: number): DecisionProposal {
  const before = view.actions.get(id);
  // A part is decided, and executed, with its batch.
  if (before?.state !== 'held' || before.decided.partOf !== undefined) return NOTHING;
  const { decided } = before;
  const controls = parts.controls(view.tenant);
  try {
    const call = { operation: decided.operation, input: decided.requested };
    const action = parts.registry.normalise({ call, id, mode: decided.mode, principal: principalIn(view, decided) });
    const proposal = decideOn(parts, { ...action, callDigest: decided.callDigest }, view, now);
    const waits = proposal.events.length === 0 || proposal.events.some(isHeld);
    return waits && now >= (decided.deadline ?? now)
      ? refusal(decided, lateCode(decided), { view, controls })
      : proposal;
  } catch (thrown) {
    return refusal(decided, asInterlockError(thrown).code, { view, controls });
  }
}

/** The principal of a recorded action. */
export function principalIn(view: WorkflowView, { session, agent, onBehalfOf }: ActionDecided): Principal {
  return { tenant: view.tenant, workflow: view.id, session, agent, onBehalfOf };
}

function refusal(
  held: ActionDecided,
  code: ErrorCode,
  { view, controls }: Pick<Moment, 'view' | 'controls'>,
): DecisionProposal {
  const refused = [held, ...partsIn(view, held)].map((decided, index) => {
    const { input: _, digest: _digest, deadline: _deadline, retryAt: _retryAt, waitingFor: _waits, ...rest } = decided;
    const seen = { seen: view.version + index, ...controlsSeen(controls) };
    const ended = { approvals: [], consumes: [], resultObligations: [], ...seen };
    return decidedEvent({ ...rest, ...ended, decision: 'deny', code, reasons: [ruleReason(code)] });
  });
  return { events: refused, result: undefined };
}

function controlsSeen({ version }: WorkflowView): Pick<ActionDecided, 'seenControls'> {
  return version === 0 ? {} : { seenControls: version };
}

function decidedEvent(payload: ActionDecided): NewEvent {
  return { type: 'action.decided', payload };
}

function lateCode({ decision }: ActionDecided): ErrorCode {
  return decision === 'step_up' ? 'APPROVAL_EXPIRED' : 'FACT_MISSING';
}

interface Moment {
  readonly signals: SignalReading;
  readonly policySet: PolicySet;
  readonly view: WorkflowView;
  readonly controls: WorkflowView;
  readonly now: number;
  readonly ids: IdSource;
}

function payloadOf(requested: Action, { decision, action }: Decided, moment: Moment): ActionDecided {
  const base = {
    action: action.id,
    mode: action.mode,
    session: action.principal.session,
    agent: action.principal.agent,
    onBehalfOf: action.principal.onBehalfOf,
    operation: action.operation,
    activity: action.activity,
    callDigest: action.callDigest,
    requested: requested.input,
    decision: decision.decision,
    reasons: decision.reasons,
    policySet: decision.policySet,
    seen: moment.view.version,
    ...controlsSeen(moment.controls),
    effect: action.effect,
    resources: action.resources,
    labels: action.labels,
    ...(action.parts === undefined ? {} : { parts: action.parts.length }),
    ...moment.signals.recorded(action.id),
    ...recordedProvenance(moment.policySet, moment.view, action),
    approvals: [],
    consumes: [],
    resultObligations: [],
  } satisfies ActionDecided;
  if (decision.decision === 'deny') return { ...base, code: decision.code };
  const final = {
    ...base,
    input: decision.input,
    resultObligations: decision.resultObligations,
    digest: decision.digest,
  };
  switch (decision.decision) {
    case 'step_up': {
      const approvals = decision.approvals.map((asked) => questionFor(asked, action.id, decision.digest, moment));
      return { ...final, approvals, deadline: Math.min(...approvals.map(({ expiresAt }) => expiresAt)) };
    }
    case 'defer':
      return { ...final, waitingFor: decision.waitingFor, retryAt: decision.retryAt, deadline: decision.deadline };
    case 'allow':
    case 'modify': {
      const permit = action.mode === 'decide' ? { deadline: moment.now + BOUNDS.permitMs } : {};
      return { ...final, ...permit, consumes: decision.consumes };
    }
    default:
      return decision satisfies never;
  }
}

/** What is recorded of one part: it is decided with its batch, and has seen that and the parts before it. */
function partPayload(
  batch: ActionDecided,
  part: Action,
  { index, moment }: { readonly index: number; readonly moment: Moment },
): ActionDecided {
  const { digest: _, deadline: _d, provenance: _pr, signals: _s, parts: _pa, input: _i, ...shared } = batch;
  const own = batch.reasons.filter((reason) => reason.part === index + 1);
  return {
    ...shared,
    action: part.id,
    partOf: batch.action,
    operation: part.operation,
    activity: part.activity,
    callDigest: part.callDigest,
    requested: part.input,
    ...(batch.input === undefined ? {} : { input: part.input }),
    reasons: own.length === 0 ? batch.reasons : own,
    seen: batch.seen + index + 1,
    effect: part.effect,
    resources: part.resources,
    labels: part.labels,
    ...moment.signals.recorded(part.id),
    ...recordedProvenance(moment.policySet, moment.view, part),
    approvals: [],
    resultObligations: [],
  };
}

/** Says which workflow it belongs to, so that it is found without looking through others. */
function approvalId(workflow: string, ids: IdSource): string {
  return `${workflow}.${ids.id('apr')}`;
}

/** The question that is open already for this digest and group, or a new one. */
function questionFor(
  asked: ApprovalObligation,
  action: string,
  digest: Digest,
  { view, now, ids }: Moment,
): RequestedApproval {
  const approvals = view.actions.get(action)?.approvals ?? [];
  const open = approvals.find(
    (known) => known.group === asked.group && known.digest === digest && known.state === 'pending',
  );
  return { ...asked, id: open?.id ?? approvalId(view.id, ids), expiresAt: open?.expiresAt ?? now + asked.withinMs };
}

function isHeld(event: NewEvent): boolean {
  return (
    event.type === 'action.decided' && (event.payload.decision === 'step_up' || event.payload.decision === 'defer')
  );
}

/** The same questions are still open: deciding again has brought nothing new, so nothing is written. */
function stillWaits({ decided: before }: ActionView, next: ActionDecided): boolean {
  return before.decision === next.decision && before.digest === next.digest && awaited(before) === awaited(next);
}

function awaited({ approvals, waitingFor }: ActionDecided): string {
  return JSON.stringify([waitingFor ?? [], approvals.map(({ id }) => id)]);
}
