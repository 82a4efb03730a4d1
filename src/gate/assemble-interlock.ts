import type { ActionMode, Call } from '../action/action.ts';
import type { WorkflowEvent } from '../action/event.ts';
import { type StreamId, tenantStream } from '../action/log-port.ts';
import type { ActionView, WorkflowView } from '../action/view.ts';
import { BOUNDS } from '../lib/bounds.ts';
import { asInterlockError, InterlockError } from '../lib/errors.ts';
import { isFinal } from '../workflow/action-state.ts';
import type { DurableListener } from '../workflow/workflows.ts';
import { renderAnswer } from './answer.ts';
import type { Answer } from './answers.ts';
import type { VerifyOperator } from './api-keys.ts';
import { approvalAnswerSchema, findApproval, listApprovals, recordAnswer } from './approvals.ts';
import { callSchema, outcomeSchema } from './call-schema.ts';
import { agentCaller, authenticate, operatorWith, visibleStream } from './callers.ts';
import { listFreezes, quarantine, release, setFreeze } from './containment.ts';
import { eraseWorkflow } from './erasure.ts';
import type { Deliver } from './execute.ts';
import { type ExplainParts, explain } from './explain.ts';
import { FollowUp, type FollowUpParts } from './follow-up.ts';
import { Gate, type GateParts, type Passed } from './gate.ts';
import type { Caller, Interlock } from './interlock.ts';
import { liveEvent } from './live-event.ts';
import { Metrics } from './metrics.ts';
import { endorse, openSession, openWorkflow, revokeSession, sendMessage, setFrozen } from './opening.ts';
import { parsed } from './parsed.ts';
import { renderGraph } from './render-graph.ts';
import { renderOperation } from './render-operation.ts';
import { renderApproval, renderSummary, renderWorkflow } from './render-workflow.ts';
import { settle } from './settle.ts';
import { undoWorkflow } from './undo.ts';
import { waitUntil } from './wait-until.ts';

export interface AssemblyParts
  extends Pick<ExplainParts, 'request'>,
    Omit<GateParts, 'closing' | 'controls' | 'meter'>,
    Pick<FollowUpParts, 'alarm' | 'clock' | 'lookUpAgain'> {
  readonly operators: readonly VerifyOperator[];
  readonly moreMetrics?: (() => ReturnType<Interlock['metrics']>) | undefined;
  /** What else must end with it, in order. */
  readonly close: () => Promise<void>;
}

/** Puts the parts of one gateway together behind the interface that every surface calls. */
export async function assembleInterlock(parts: AssemblyParts): Promise<Interlock> {
  const closing = new AbortController();
  const controls = (tenant: string): WorkflowView => {
    const view = parts.workflows.standingView(tenantStream(tenant));
    if (view === undefined)
      throw new InterlockError('LOG_UNAVAILABLE', 'what is frozen in the tenant has to be read first');
    return view;
  };
  const metrics = new Metrics();
  const whole = { ...parts, controls, meter: metrics.meter, closing: closing.signal };
  const gate = new Gate(whole);
  const followUp = new FollowUp({ ...whole, gate });
  parts.workflows.onDurable((stream, events, view) => {
    metrics.note(events);
    for (const id of new Set(events.flatMap((event) => actionIds(event, view)))) {
      const action = view.actions.get(id);
      if (action !== undefined) followUp.plan(stream, action);
    }
    for (const action of waitingFor(events, view)) followUp.informed(stream, action);
  });
  // A worker elsewhere has looked it up; of several gateways that hear so, one decides.
  parts.workflows.onForeign((stream, events, view) => {
    for (const action of waitingFor(events, view)) followUp.informed(stream, action);
  });
  await followUp.recover();
  takeOverNowAndThen(whole, followUp);
  return facade({ ...whole, gate, followUp, metrics, end: () => closing.abort() });
}

/** Milliseconds between looks at what other processes may have left. */
const TAKE_OVER_MS = 5_000;

function takeOverNowAndThen(
  whole: Pick<FollowUpParts, 'workflows' | 'clock' | 'closing' | 'alarm'>,
  followUp: FollowUp,
): void {
  if (whole.workflows.log.shared === undefined) return;
  const look = async (): Promise<void> => {
    // A log that is away is told of by every call; the next look finds what this one did not.
    await followUp.takeOver().catch(() => undefined);
    if (!whole.closing.aborted) again();
  };
  let cancel = (): void => undefined;
  const again = (): void => {
    cancel = whole.clock.after(TAKE_OVER_MS, () => void look());
  };
  whole.closing.addEventListener('abort', () => cancel(), { once: true });
  again();
}

interface Whole extends AssemblyParts {
  readonly gate: Gate;
  readonly followUp: FollowUp;
  readonly metrics: Metrics;
  readonly closing: AbortSignal;
  readonly end: () => void;
}

function facade(whole: Whole): Interlock {
  const { workflows, registry } = whole;
  return {
    authenticate: (bearer) => authenticate(bearer, whole),
    open: async (caller, request) => openWorkflow(whole, operatorWith(caller, 'open'), request),
    openSession: async (caller, workflow, request) =>
      openSession(whole, operatorWith(caller, 'open'), workflow, request),
    revokeSession: async (caller, workflow, session, reason, descendants = 'quarantine') =>
      revokeSession(whole, operatorWith(caller, 'open', 'administer'), { workflow, session, reason, descendants }),
    message: async (caller, workflow, request) => {
      visibleStream(agentCaller(caller), workflow);
      return sendMessage(whole, agentCaller(caller), request);
    },
    freeze: async (caller, workflow, frozen, reason) =>
      setFrozen(whole, operatorWith(caller, 'administer'), { workflow, frozen, reason }),
    run: (caller, call, deliver) => act(whole, caller, { call, mode: 'run', deliver }),
    decide: (caller, call) => act(whole, caller, { call, mode: 'decide' }),
    settle: (caller, id, outcome, workflow) => settleAction(whole, caller, { id, outcome, workflow }),
    action: (caller, id, waitMs = 0) => lookAt(whole, caller, id, waitMs),
    explain: async (caller, id, workflow) => {
      const stream = actionStream(caller, workflow);
      const passed = await whole.gate.look(stream, id);
      const { action } = passed;
      refuseOthers(caller, passed);
      const answer = answerFor(whole, stream, passed);
      const { seen, seenControls = 0 } = action.decided;
      const { freezes } = await workflows.viewAt(tenantStream(stream.tenant), seenControls);
      const parts = { answer, action, freezes, policySet: whole.policySet() };
      return explain({ ...whole, ...parts, seen: await workflows.viewAt(stream, seen) });
    },
    approvals: async (caller, filter) =>
      listApprovals(whole, operatorWith(caller, 'approve', 'administer').tenant, filter?.all ?? false),
    answerApproval: (caller, id, answer) => answerApproval(whole, caller, id, answer),
    workflows: async (caller) => {
      const { tenant } = operatorWith(caller, 'open', 'administer', 'approve');
      return (await workflows.list({ tenant, limit: LISTED_MAX })).map(renderSummary);
    },
    workflow: async (caller, workflow) => {
      const { view } = await workflows.loadDurable(visibleStream(caller, workflow));
      return renderWorkflow(view);
    },
    graph: async (caller, workflow) => {
      const { view } = await workflows.loadDurable(visibleStream(caller, workflow));
      return renderGraph(view);
    },
    endorse: async (caller, workflow, endorsement) =>
      endorse(whole, operatorWith(caller, 'administer'), workflow, endorsement),
    erase: async (caller, workflow, request) =>
      eraseWorkflow(whole, operatorWith(caller, 'administer'), workflow, request),
    setFreeze: async (caller, request) => setFreeze(whole, operatorWith(caller, 'administer'), request),
    freezes: async (caller) => listFreezes(whole, operatorWith(caller, 'administer').tenant),
    quarantine: async (caller, workflow, request) =>
      quarantine(whole, operatorWith(caller, 'administer'), workflow, request),
    release: async (caller, workflow, request) => release(whole, operatorWith(caller, 'administer'), workflow, request),
    undo: async (caller, workflow) => undoWorkflow(whole, operatorWith(caller, 'administer'), workflow),
    operations: () => [...registry.all()].map(renderOperation),
    watch: (caller, listener) => {
      const { tenant } = operatorWith(caller, 'administer');
      const end = (): void => {
        endOwn();
        endForeign();
      };
      const hear: DurableListener = (stream, events, view) => {
        if (stream.tenant !== tenant) return;
        try {
          for (const event of events) listener(liveEvent(stream, event, view));
        } catch (thrown) {
          end();
          whole.alarm('a listener to live events failed and is heard of no more', asInterlockError(thrown));
        }
      };
      const endOwn = workflows.onDurable(hear);
      const endForeign = workflows.onForeign(hear);
      return end;
    },
    ready: async () => {
      await workflows.log.list({ openOnly: true, limit: 1 });
      const failure = await workflows.log.failure?.();
      if (failure !== undefined) throw failure;
    },
    metrics: () => [...whole.metrics.all(), ...(whole.moreMetrics?.() ?? [])],
    close: async () => {
      // First: an outcome that the log does not take now is the next process's to record as unknown, and no reason to stay.
      whole.end();
      whole.followUp.close();
      await whole.gate.idle();
      await whole.close();
    },
  };
}

const LISTED_MAX = 1_000;

interface Asked {
  readonly call: Call;
  readonly mode: ActionMode;
  readonly deliver?: Deliver | undefined;
}

async function act(whole: Whole, caller: Caller, { call: asked, mode, deliver }: Asked): Promise<Answer> {
  const { principal } = agentCaller(caller);
  const call = parsed(callSchema, asked);
  const stream = { tenant: principal.tenant, workflow: principal.workflow };
  return answerFor(whole, stream, await whole.gate.pass(principal, call, mode, deliver));
}

interface Settlement {
  readonly id: string;
  readonly outcome: Parameters<Interlock['settle']>[2];
  readonly workflow: string | undefined;
}

async function settleAction(whole: Whole, caller: Caller, { id, outcome, workflow }: Settlement): Promise<Answer> {
  const stream = settledStream(caller, workflow);
  const { result } = await settle(whole, stream, { id, by: caller, outcome: parsed(outcomeSchema, outcome) });
  return answerFor(whole, stream, { ...(await whole.gate.lookBehind(stream, id)), result });
}

function settledStream(caller: Caller, workflow: string | undefined): StreamId {
  if (caller.kind === 'agent') return visibleStream(caller, workflow ?? caller.principal.workflow);
  const { tenant } = operatorWith(caller, 'act');
  if (workflow === undefined) throw new InterlockError('INVALID_CALL', 'an operator names the workflow of the action');
  return { tenant, workflow };
}

/** An agent sees the actions of its own workflow that its own session asked for. */
async function lookAt(whole: Whole, caller: Caller, id: string, waitMs: number): Promise<Answer> {
  const stream = actionStream(caller);
  const passed = await whole.gate.look(stream, id);
  refuseOthers(caller, passed);
  if (waitMs <= 0) return answerFor(whole, stream, passed);
  await waitUntil(whole, {
    stream,
    waitMs: Math.min(waitMs, BOUNDS.waitMs),
    holds: (view) => {
      const action = view.actions.get(id);
      return action?.state === 'denied' || action?.state === 'permitted' || isFinal(action?.completed);
    },
  });
  return answerFor(whole, stream, await whole.gate.look(stream, id));
}

function refuseOthers(caller: Caller, { action }: Passed): void {
  const own = caller.kind === 'operator' || action.decided.session === caller.principal.session;
  if (!own) throw new InterlockError('NOT_FOUND', 'there is no such action in this workflow');
}

async function answerApproval(
  whole: Whole,
  caller: Caller,
  id: string,
  given: Parameters<Interlock['answerApproval']>[2],
) {
  const by = operatorWith(caller, 'approve');
  const answer = parsed(approvalAnswerSchema, given);
  const { stream } = await findApproval(whole, by.tenant, id);
  // The action goes on by itself: whoever asked for it waits on the action, not the approver on its execution.
  await recordAnswer(whole, stream, { ...answer, approval: id, by });
  const { view } = await whole.workflows.fresh(stream);
  const answered = view.approvals.get(id);
  const summary = answered && renderApproval(view, answered, whole.clock.now());
  if (summary === undefined) throw new InterlockError('NOT_FOUND', 'there is no such approval');
  return summary;
}

function answerFor(whole: Whole, { workflow }: StreamId, passed: Passed): Answer {
  const { action, version, result, parts } = passed;
  return renderAnswer({
    action,
    parts,
    workflow: { id: workflow, version },
    durability: whole.workflows.log.durability,
    result,
  });
}

function actionStream(caller: Caller, workflow?: string): StreamId {
  if (caller.kind === 'agent') return visibleStream(caller, workflow ?? caller.principal.workflow);
  operatorWith(caller, 'administer');
  if (workflow === undefined) throw new InterlockError('INVALID_CALL', 'an operator names the workflow of the action');
  return visibleStream(caller, workflow);
}

/** The held actions that wait for a fact which these events bring. */
function waitingFor(events: readonly WorkflowEvent[], { actions, held }: WorkflowView): readonly ActionView[] {
  const observed = new Set(events.flatMap(({ type, payload }) => (type === 'fact.observed' ? [payload.fact] : [])));
  if (observed.size === 0 || held === 0) return [];
  return [...actions.values()].filter(
    ({ state, decided }) => state === 'held' && decided.waitingFor?.some((name) => observed.has(name)) === true,
  );
}

/** The actions whose next step an event can change. */
function actionIds({ type, payload }: WorkflowEvent, { approvals }: WorkflowView): readonly string[] {
  if (type === 'action.decided' || type === 'action.completed') return [payload.action];
  const answered = type === 'approval.answered' ? approvals.get(payload.approval) : undefined;
  return answered === undefined ? [] : [answered.action];
}
