import type { ActionDecided } from '../action/event.ts';
import type { StreamId } from '../action/log-port.ts';
import type { ActionView, WorkflowView } from '../action/view.ts';
import type { Registry } from '../connector/registry.ts';
import type { Clock } from '../lib/clock.ts';
import { asInterlockError, ERRORS, type InterlockError } from '../lib/errors.ts';
import { isFinal } from '../workflow/action-state.ts';
import { actionKey } from '../workflow/stream-key.ts';
import type { Workflows } from '../workflow/workflows.ts';
import { probe } from './execute.ts';
import type { Completed, Finished } from './finish.ts';
import type { Gate } from './gate.ts';
import { completedEvents } from './part-outcomes.ts';
import { unseenLabels } from './unseen-labels.ts';

export interface FollowUpParts {
  readonly gate: Gate;
  readonly registry: Registry;
  readonly workflows: Workflows;
  readonly clock: Clock;
  readonly closing: AbortSignal;
  /** Has looked up what a held action waits for. */
  readonly lookUpAgain: (stream: StreamId, decided: ActionDecided, view: WorkflowView) => void;
  /** Told of failures that nobody waits for. */
  readonly alarm: (message: string, error: InterlockError) => void;
}

/** Milliseconds between read-backs of an unsettled outcome; the last one repeats while the action runs elsewhere. */
const PROBE_DELAYS_MS = [100, 500, 2_000, 10_000, 60_000, 300_000] as const;
/** After so many read-backs that learnt nothing, an unknown outcome stays unknown. */
const PROBES_MAX = 6;
/** Milliseconds after which a step is tried again that the log, say, did not take. */
const RETRY_MS = 5_000;
/** Milliseconds after which an action is looked at again that still waits although its time has come. */
const EARLY_MS = 100;

/**
 * What must happen to an action later: held ones are decided anew when they are answered or their time has come, permits
 * expire, unknown and accepted outcomes are settled by reading the system back. Everything is derived from the log, so a
 * restart takes it up again.
 */
export class FollowUp {
  readonly #parts: FollowUpParts;
  readonly #timers = new Map<string, () => void>();

  constructor(parts: FollowUpParts) {
    this.#parts = parts;
  }

  /**
   * Plans the next step of the action as the view shows it: at its time, and where that has come, in `pauseMs`. Called
   * whenever an event of it became durable.
   */
  plan(stream: StreamId, action: ActionView, pauseMs = 0): void {
    const { id, decided, completed, state } = action;
    // A part ends with its batch.
    if (decided.partOf !== undefined) return;
    if (state === 'held') {
      const at = isAnswered(action) ? 0 : (decided.retryAt ?? decided.deadline ?? 0);
      const now = this.#parts.clock.now();
      this.#at(stream, id, at > now ? at : now + pauseMs, () => this.#resume(stream, id));
    } else if (state === 'permitted') {
      this.#at(stream, id, decided.deadline ?? 0, () => this.#expire(stream, id));
    } else if (completed !== undefined && !isFinal(completed)) {
      this.#probeLater(stream, id, 0);
    } else {
      this.#cancel(actionKey(stream, id));
    }
  }

  /** A fact has come that the held action waits for: it is decided anew at once. */
  informed(stream: StreamId, { id }: ActionView): void {
    this.#at(stream, id, 0, () => this.#resume(stream, id));
  }

  /** At the start of a process: takes up what the last one left. A workflow that cannot be read is alarmed and left alone. */
  async recover(): Promise<void> {
    const { log } = this.#parts.workflows;
    const others = new Set<string>();
    for (const { stream, action, by } of (await log.shared?.executions()) ?? [])
      if (by === 'other') others.add(actionKey(stream, action));
    for (const { tenant, workflow } of await log.list({ openOnly: true })) {
      try {
        await this.#takeUp({ tenant, workflow }, others);
      } catch (thrown) {
        this.#parts.alarm(`workflow ${workflow} could not be taken up`, asInterlockError(thrown));
      }
    }
  }

  /**
   * Where other processes share the log: takes up what those have left that are not there any more, and what this one
   * has begun without learning of it. Throws LOG_UNAVAILABLE.
   */
  async takeOver(): Promise<void> {
    const { gate, workflows } = this.#parts;
    const { shared } = workflows.log;
    if (shared === undefined) return;
    for (const { stream, action, by } of await shared.executions()) {
      if (by === 'other' || gate.isPassing(stream, action)) continue;
      await this.#run(stream, action, () => this.#interrupted(stream, action));
    }
    if (await shared.claimEnded()) await this.recover();
  }

  close(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  /** What was executing when the last process ended has an unknown outcome; what `others` execute is theirs. */
  async #takeUp(stream: StreamId, others: ReadonlySet<string>): Promise<void> {
    const { view } = await this.#parts.workflows.fresh(stream);
    for (const { id, state, decided } of [...view.actions.values()]) {
      const isTheirs = others.has(actionKey(stream, id)) || this.#parts.gate.isPassing(stream, id);
      if (state === 'executing' && decided.partOf === undefined && !isTheirs)
        await this.#run(stream, id, () => this.#interrupted(stream, id));
    }
    const { view: seen } = await this.#parts.workflows.load(stream);
    for (const action of seen.actions.values()) {
      if (action.state !== 'executing') this.plan(stream, action);
      // Whoever was to look it up may have ended before it was asked.
      if (action.state === 'held') this.#parts.lookUpAgain(stream, action.decided, seen);
    }
  }

  #interrupted(stream: StreamId, id: string): Promise<void> {
    return this.#append(stream, id, (decided, view) => {
      // It may have been recorded since it was looked at.
      if (view.actions.get(id)?.state !== 'executing') return undefined;
      return { completed: unknown(decided, 'restart', 'the gateway ended before the outcome was recorded') };
    });
  }

  async #resume(stream: StreamId, id: string): Promise<void> {
    const { action } = await this.#parts.gate.resume(stream, id);
    // Timers fire early and clocks are set back: whatever still waits has its time again.
    if (action.state === 'held') this.plan(stream, action, EARLY_MS);
  }

  #expire(stream: StreamId, id: string): Promise<void> {
    return this.#append(stream, id, (decided, view) => {
      const labels = unseenLabels(this.#parts.registry, decided, view);
      const detail = 'the permit expired before its outcome was reported';
      return { completed: { ...unknown(decided, 'expiry', detail), labels } };
    });
  }

  #probeLater(stream: StreamId, id: string, attempt: number): void {
    const delayMs = PROBE_DELAYS_MS[Math.min(attempt, PROBE_DELAYS_MS.length - 1)] ?? 0;
    this.#at(stream, id, this.#parts.clock.now() + delayMs, async () => {
      if (await this.#readBack(stream, id, attempt + 1 >= PROBES_MAX)) this.#probeLater(stream, id, attempt + 1);
    });
  }

  /** Reads the system back once and records what it says. Answers whether it is worth asking again. */
  async #readBack(stream: StreamId, id: string, isLast: boolean): Promise<boolean> {
    const { view } = await this.#parts.workflows.load(stream);
    const action = view.actions.get(id);
    if (action?.completed === undefined || isFinal(action.completed)) return false;
    const { status, handle } = action.completed;
    const { decided } = action;
    const { registry, clock } = this.#parts;
    // Also where it may not be used any more: reading back is how it is learnt what came of it.
    const operation = registry.known(decided.operation) ?? registry.operation(decided.operation);
    const found = await probe({ operation, stream, decided, clock }, handle);
    if (typeof found !== 'string') {
      await this.#append(stream, id, () => found);
      return false;
    }
    if (status === 'accepted') return found !== 'unasked';
    if (found !== 'unasked' && !isLast) return true;
    await this.#append(stream, id, (decided) => ({
      completed: unknown(decided, 'read-back', 'reading the system back did not tell'),
    }));
    return false;
  }

  /** Appends what came of the action unless that is final already. Throws LOG_UNAVAILABLE, after which the step is tried again. */
  async #append(stream: StreamId, id: string, finish: Finish): Promise<void> {
    const workflow = await this.#parts.workflows.load(stream);
    const { durable } = await workflow.commit((view: WorkflowView) => {
      const action = view.actions.get(id);
      const done = action === undefined || isFinal(action.completed);
      const ended = done ? undefined : finish(action.decided, view);
      const events = ended === undefined ? [] : completedEvents(this.#parts.registry, view, ended);
      return { events, result: undefined };
    }, Number.POSITIVE_INFINITY);
    await durable;
  }

  /** Takes the step at its time, or now where that has passed; one planned step an action. */
  #at(stream: StreamId, id: string, at: number, step: () => Promise<void>): void {
    const key = actionKey(stream, id);
    this.#cancel(key);
    if (this.#parts.closing.aborted) return;
    const delayMs = at - this.#parts.clock.now();
    if (delayMs <= 0) {
      void this.#run(stream, id, step);
      return;
    }
    const cancel = this.#parts.clock.after(delayMs, () => {
      this.#timers.delete(key);
      void this.#run(stream, id, step);
    });
    this.#timers.set(key, cancel);
  }

  /** Nobody waits for the step: its failure is alarmed, and it is tried again where that can help. */
  async #run(stream: StreamId, id: string, step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (thrown) {
      const error = asInterlockError(thrown);
      if (!this.#parts.closing.aborted) this.#parts.alarm(`the next step of action ${id} failed`, error);
      if (ERRORS[error.code].retryable) this.#at(stream, id, this.#parts.clock.now() + RETRY_MS, step);
    }
  }

  #cancel(key: string): void {
    this.#timers.get(key)?.();
    this.#timers.delete(key);
  }
}

/** Whether a question that the action waits on has its answer. */
function isAnswered({ decided, approvals }: ActionView): boolean {
  const asked = new Set(decided.approvals.map(({ id }) => id));
  return approvals.some(({ id, answer }) => answer !== undefined && asked.has(id));
}

/** Undefined: nothing came of it that is not recorded. */
type Finish = (decided: ActionDecided, view: WorkflowView) => Finished | undefined;

function unknown({ action }: ActionDecided, source: Completed['source'], detail: string): Completed {
  return { action, status: 'unknown', code: 'OUTCOME_UNKNOWN', detail, labels: [], exposed: true, source };
}
