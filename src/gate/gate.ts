import type { ActionMode, Call, Principal } from '../action/action.ts';
import { actionDigest } from '../action/digest.ts';
import type { ActionDecided } from '../action/event.ts';
import { type StreamId, tenantStream } from '../action/log-port.ts';
import type { ActionView, WorkflowView } from '../action/view.ts';
import { callDigestOf } from '../connector/registry.ts';
import { BOUNDS } from '../lib/bounds.ts';
import type { Clock } from '../lib/clock.ts';
import { asInterlockError, InterlockError } from '../lib/errors.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import type { LiveWorkflow, Proposal } from '../workflow/live-workflow.ts';
import { actionKey } from '../workflow/stream-key.ts';
import type { Workflows } from '../workflow/workflows.ts';
import { type Deliver, execute } from './execute.ts';
import type { Finished } from './finish.ts';
import { completedEvents, partsIn } from './part-outcomes.ts';
import { type ProposeParts, propose, proposeAgain, refuseReuse } from './propose.ts';
import type { GateMeter } from './telemetry/gate-meter.ts';
import { HeldTraces } from './telemetry/held-traces.ts';
import { Passage } from './telemetry/passage.ts';

export interface GateParts extends ProposeParts {
  readonly workflows: Workflows;
  readonly clock: Clock;
  readonly meter: GateMeter;
  /** Reads what a decision in the tenant looks up and that is not in memory yet; undefined where there is nothing. */
  readonly readyFor?: ((tenant: string) => Promise<void> | undefined) | undefined;
  /** Ends the retries of what waits for the log when the process closes. */
  readonly closing: AbortSignal;
}

/** What one pass through the gate left: where the action stands, and a result that may be too large for the log. */
export interface Passed {
  readonly action: ActionView;
  readonly version: number;
  readonly result?: Json | undefined;
  /** Of a batch. */
  readonly parts?: readonly ActionView[] | undefined;
}

const AWAY = 'this gateway has not reached the log for a while, so it begins nothing';

type Propose = (view: WorkflowView, now: number) => Proposal<ActionDecided | undefined>;

interface Deciding {
  readonly stream: StreamId;
  readonly id: string;
  readonly proposal: Propose;
  readonly passage: Passage;
  readonly deliver?: Deliver | undefined;
}

/** The one way to an effect. */
export class Gate {
  readonly #parts: GateParts;
  readonly #passing = new Map<string, Promise<Passed>>();
  readonly #heldTraces = new HeldTraces();

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  /**
   * One action, end to end: normalise → view → decide → append → execute → append. No arrow is skipped, and nothing
   * else calls a system. Throws an InterlockError for a call that cannot be governed; a refusal is an answer.
   */
  pass(principal: Principal, call: Call, mode: ActionMode, deliver?: Deliver): Promise<Passed> {
    const id = call.id ?? this.#parts.ids.id('act');
    const stream = { tenant: principal.tenant, workflow: principal.workflow };
    return this.#watched(stream, id, false, async (passage) => {
      const { view: seen } = await this.#parts.workflows.load(stream);
      const known = seen.actions.get(id);
      if (known !== undefined) {
        refuseReuse(known, { callDigest: callDigestOf(mode, call), principal });
        return this.look(stream, id);
      }
      const action = this.#parts.registry.normalise({ call, id, mode, principal });
      const proposal: Propose = (view, now) => propose(this.#parts, action, view, now);
      return this.#decide({ stream, id, proposal, passage, deliver });
    });
  }

  /** Decides a held action anew: its human has answered, its fact has landed, or its time is over. */
  resume(stream: StreamId, id: string): Promise<Passed> {
    const proposal: Propose = (view, now) => proposeAgain(this.#parts, id, view, now);
    return this.#watched(stream, id, true, (passage) => this.#decide({ stream, id, proposal, passage }));
  }

  /** Where an action stands, once all that this rests on is durable. Throws NOT_FOUND. */
  async look(stream: StreamId, id: string): Promise<Passed> {
    return passedIn((await this.#parts.workflows.loadDurable(stream)).view, id);
  }

  /** The same behind an append of this process, which has compared what it knew with the log. */
  async lookBehind(stream: StreamId, id: string): Promise<Passed> {
    return passedIn((await this.#parts.workflows.knownDurable(stream)).view, id);
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#passing.size > 0) await Promise.allSettled(this.#passing.values());
  }

  /** The decision is durable before the effect, and the outcome before anyone sees a byte of the result. */
  async #decide({ stream, id, proposal, passage, deliver }: Deciding): Promise<Passed> {
    const { workflows, registry, closing } = this.#parts;
    if (workflows.log.shared?.isPresent === false) throw new InterlockError('LOG_UNAVAILABLE', AWAY);
    const { workflow, decided, durable, isNew } = await this.#commit({ stream, proposal, passage });
    await passage.stage('append', () => durable);
    passage.decided(workflow.view.actions.get(id), stream.workflow);
    if (decided === undefined) return isNew ? this.lookBehind(stream, id) : this.look(stream, id);
    const finished = await passage.execute(decided.operation, () => this.#execute(stream, decided, deliver));
    const { texts } = finished;
    const outcome = (view: WorkflowView) => {
      // Others that took this process for dead may have read back that it was done.
      const isKnown = view.actions.get(id)?.completed?.status === 'succeeded';
      if (isKnown && finished.completed.status === 'unknown') return { events: [], result: undefined };
      return { events: completedEvents(registry, view, finished), texts, result: undefined };
    };
    await passage.stage('record', () => workflows.commitUntilIn(stream, outcome, closing));
    return { ...(await this.lookBehind(stream, id)), result: finished.result };
  }

  /** Commits the decision. Where another process has appended what has to be read first, that is read, and it decides anew. */
  async #commit({ stream, proposal, passage }: Pick<Deciding, 'stream' | 'proposal' | 'passage'>) {
    const { readyFor } = this.#parts;
    for (let attempt = 0; attempt < BOUNDS.sharedDecisionAttempts; attempt++) {
      const workflow = await passage.stage('load', () => this.#ready(stream));
      let isNew = false;
      const { result, durable } = await passage.stage('decide', () =>
        workflow.commit<ActionDecided | Promise<void> | undefined>((view, now) => {
          const reading = readyFor?.(stream.tenant);
          const proposed = reading === undefined ? proposal(view, now) : { events: [], result: reading };
          isNew = proposed.events.length > 0;
          return proposed;
        }),
      );
      if (!(result instanceof Promise)) return { workflow, decided: result, durable, isNew };
      await result;
    }
    throw new InterlockError('WORKFLOW_BUSY');
  }

  /** The workflow, and in memory whatever else a decision in it looks at. */
  async #ready(stream: StreamId): Promise<LiveWorkflow> {
    const { workflows, readyFor } = this.#parts;
    const controls = tenantStream(stream.tenant);
    if (workflows.standingView(controls) === undefined) await workflows.standing(controls);
    const readying = readyFor?.(stream.tenant);
    if (readying !== undefined) await readying;
    return workflows.load(stream);
  }

  /** In turn, measured, and traced where somebody listens. */
  #watched(
    stream: StreamId,
    id: string,
    isResumed: boolean,
    pass: (passage: Passage) => Promise<Passed>,
  ): Promise<Passed> {
    const key = actionKey(stream, id);
    return this.#inTurn(key, () => {
      const begin = { meter: this.#parts.meter, isResumed, earlier: this.#heldTraces.of(key) };
      return Passage.of(begin, async (passage) => {
        const passed = await pass(passage);
        passage.end();
        if (passed.action.state !== 'held') this.#heldTraces.forget(key);
        else if (passage.isTraced) this.#heldTraces.keep(key, passage.spanContext);
        return passed;
      });
    });
  }

  async #execute(stream: StreamId, decided: ActionDecided, deliver: Deliver | undefined): Promise<Finished> {
    let ready: { readonly operation: ReturnType<GateParts['registry']['operation']>; readonly input: JsonObject };
    try {
      // The others may have taken it over already, and would have recorded its outcome as unknown.
      if (this.#parts.workflows.log.shared?.isPresent === false) throw new InterlockError('LOG_UNAVAILABLE', AWAY);
      ready = { operation: this.#parts.registry.operation(decided.operation), input: verifiedInput(stream, decided) };
    } catch (thrown) {
      // Nothing was sent: the operation was withdrawn between decision and execution, or a bug was caught in time.
      const { code, message } = asInterlockError(thrown);
      return {
        completed: {
          action: decided.action,
          status: 'failed',
          code,
          detail: message,
          labels: [],
          exposed: false,
          source: 'execution',
        },
      };
    }
    return execute({ operation: ready.operation, stream, decided, clock: this.#parts.clock }, ready.input, deliver);
  }

  /** Whether a pass of the action is under way in this process. */
  isPassing(stream: StreamId, id: string): boolean {
    return this.#passing.has(actionKey(stream, id));
  }

  /** One pass at a time for an action id in this process; across processes the versions of the log decide. */
  #inTurn(key: string, pass: () => Promise<Passed>): Promise<Passed> {
    const before = this.#passing.get(key);
    // What is under way is waited for, so nothing may begin any more.
    if (this.#parts.closing.aborted)
      return Promise.reject(new InterlockError('LOG_UNAVAILABLE', 'the gateway is closing'));
    if (before === undefined && this.#passing.size >= BOUNDS.pendingAppends)
      return Promise.reject(new InterlockError('WORKFLOW_BUSY'));
    const passing = before === undefined ? pass() : before.then(pass, pass);
    this.#passing.set(key, passing);
    const end = (): void => {
      if (this.#passing.get(key) === passing) this.#passing.delete(key);
    };
    passing.then(end, end);
    return passing;
  }
}

/** Where an action stands in a view. Throws WORKFLOW_ERASED, NOT_FOUND. */
function passedIn(view: WorkflowView, id: string): Passed {
  const action = view.actions.get(id);
  if (view.erased !== undefined) throw new InterlockError('WORKFLOW_ERASED');
  if (action === undefined) throw new InterlockError('NOT_FOUND', 'there is no such action in this workflow');
  const parts = partsIn(view, action.decided).flatMap((part) => view.actions.get(part.action) ?? []);
  return { action, version: view.version, parts };
}

/** What is executed is what was decided, to the byte: the digest is computed again from what is about to leave. */
function verifiedInput({ tenant, workflow }: StreamId, decided: ActionDecided): JsonObject {
  const { agent, onBehalfOf, session, operation, input, resultObligations, digest } = decided;
  if (input === undefined) throw new InterlockError('INTERNAL', 'an allowed decision has no input');
  const principal = { tenant, workflow, session, agent, onBehalfOf };
  if (actionDigest({ principal, operation, input, resultObligations }) !== digest) {
    throw new InterlockError('INTERNAL', 'the input is not the one that was decided');
  }
  return input;
}
