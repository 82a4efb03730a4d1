import type { ActionDecided, EventPayloads } from '../action/event.ts';
import type { StreamId } from '../action/log-port.ts';
import type { ActionView, WorkflowView } from '../action/view.ts';
import type { Registry } from '../connector/registry.ts';
import type { Clock } from '../lib/clock.ts';
import { asInterlockError, type InterlockError } from '../lib/errors.ts';
import { isFinal } from '../workflow/view.ts';
import type { Workflows } from '../workflow/workflows.ts';
import { probe } from './execute.ts';
import type { Completed, Finished } from './finish.ts';
import type { Gate } from './gate.ts';

export interface FollowUpParts {
  readonly gate: Gate;
  readonly registry: Registry;
  readonly workflows: Workflows;
  readonly clock: Clock;
  readonly closing: AbortSignal;
  /** Told of failures that nobody waits for. */
  readonly alarm: (message: string, error: InterlockError) => void;
}

/** Milliseconds between read-backs of an unsettled outcome; the last one repeats while the action runs elsewhere. */
const PROBE_DELAYS_MS = [100, 500, 2_000, 10_000, 60_000, 300_000] as const;
/** After so many read-backs that learnt nothing, an unknown outcome stays unknown. */
const PROBES_MAX = 6;

/**
 * What must happen to an action later: held ones are decided anew at their time, permits expire, unknown and accepted
 * outcomes are settled by reading the system back. Everything is derived from the log, so a restart takes it up again.
 */
export class FollowUp {
  readonly #parts: FollowUpParts;
  readonly #timers = new Map<string, () => void>();

  constructor(parts: FollowUpParts) {
    this.#parts = parts;
  }

  /** Plans the next step of the action as the view shows it. Called whenever an event of it became durable. */
  plan(stream: StreamId, action: ActionView): void {
    const { decided, completed, state } = action;
    if (state === 'held')
      this.#at(stream, action.id, decided.retryAt ?? decided.deadline, () => this.#resume(stream, action.id));
    else if (state === 'permitted')
      this.#at(stream, action.id, decided.deadline, () => this.#expire(stream, action.id));
    else if (completed !== undefined && !isFinal(completed)) this.#probeLater(stream, action.id, 0);
    else this.#cancel(stream, action.id);
  }

  /** At the start of a process: what was executing when the last one ended has an unknown outcome. */
  async recover(): Promise<number> {
    const listings = await this.#parts.workflows.log.list({ openOnly: true });
    let interrupted = 0;
    for (const { tenant, workflow } of listings) {
      const stream = { tenant, workflow };
      const { view } = await this.#parts.workflows.load(stream);
      for (const action of view.actions.values()) {
        if (action.state === 'executing') {
          interrupted += 1;
          await this.#append(stream, action.id, (decided) =>
            unknown(decided, 'restart', 'the gateway ended before the outcome was recorded'),
          );
        }
      }
      const { view: seen } = await this.#parts.workflows.load(stream);
      for (const action of seen.actions.values()) this.plan(stream, action);
    }
    return interrupted;
  }

  /** Reads the system back once and records what it says. Answers whether it is worth asking again. */
  async #readBack(stream: StreamId, id: string, isLast: boolean): Promise<boolean> {
    const { view } = await this.#parts.workflows.load(stream);
    const action = view.actions.get(id);
    if (action?.completed === undefined || isFinal(action.completed)) return false;
    const { status, handle } = action.completed;
    const { decided } = action;
    const operation = this.#parts.registry.operation(decided.operation);
    const found = await probe({ operation, stream, decided, clock: this.#parts.clock }, handle);
    if (typeof found !== 'string') {
      await this.#append(stream, id, () => found);
      return false;
    }
    if (status === 'accepted') return found !== 'unasked';
    if (found !== 'unasked' && !isLast) return true;
    await this.#append(stream, id, (decided) => unknown(decided, 'read-back', 'reading the system back did not tell'));
    return false;
  }

  close(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  async #resume(stream: StreamId, id: string): Promise<void> {
    await this.#parts.gate.resume(stream, id);
  }

  async #expire(stream: StreamId, id: string): Promise<void> {
    await this.#append(stream, id, (decided) =>
      unknown(decided, 'expiry', 'the permit expired before its outcome was reported'),
    );
  }

  #probeLater(stream: StreamId, id: string, attempt: number): void {
    const delayMs = PROBE_DELAYS_MS[Math.min(attempt, PROBE_DELAYS_MS.length - 1)] ?? 0;
    this.#at(stream, id, this.#parts.clock.now() + delayMs, async () => {
      if (await this.#readBack(stream, id, attempt + 1 >= PROBES_MAX)) this.#probeLater(stream, id, attempt + 1);
    });
  }

  /** Appends what came of the action unless that is final already. */
  #append(stream: StreamId, id: string, finish: (decided: ActionDecided) => Finished): Promise<unknown> {
    return this.#parts.workflows.commitUntilIn(
      stream,
      (view: WorkflowView) => {
        const action = view.actions.get(id);
        const done = action === undefined || isFinal(action.completed);
        const payload = done ? undefined : finish(action.decided).completed;
        return {
          events: payload === undefined ? [] : [{ type: 'action.completed' as const, payload }],
          result: undefined,
        };
      },
      this.#parts.closing,
    );
  }

  #at(stream: StreamId, id: string, at: number | undefined, step: () => Promise<void>): void {
    this.#cancel(stream, id);
    if (at === undefined || this.#parts.closing.aborted) return;
    const key = keyOf(stream, id);
    const cancel = this.#parts.clock.after(at - this.#parts.clock.now(), () => {
      this.#timers.delete(key);
      step().catch((thrown: unknown) =>
        this.#parts.alarm(`the next step of action ${id} failed`, asInterlockError(thrown)),
      );
    });
    this.#timers.set(key, cancel);
  }

  #cancel(stream: StreamId, id: string): void {
    const key = keyOf(stream, id);
    this.#timers.get(key)?.();
    this.#timers.delete(key);
  }
}

function keyOf(stream: StreamId, id: string): string {
  return JSON.stringify([stream.tenant, stream.workflow, id]);
}

function unknown(decided: ActionDecided, source: Completed['source'], detail: string): Finished {
  const completed: EventPayloads['action.completed'] = {
    action: decided.action,
    status: 'unknown',
    code: 'OUTCOME_UNKNOWN',
    detail,
    labels: [],
    exposed: true,
    source,
  };
  return { completed };
}
