import type { NewEvent } from '../../action/event.ts';
import type { WorkflowLog } from '../../action/log-port.ts';
import type { Reservation } from '../../action/signal-store.ts';
import type { WorkflowView } from '../../action/view.ts';
import type { Digest } from '../../lib/digest.ts';
import { type Change, decidedChange } from './change-of.ts';
import { type Declarations, FilledSignals } from './filled-signals.ts';
import type { SignalState } from './signal-state.ts';

export interface TenantSource {
  readonly tenant: string;
  readonly log: WorkflowLog;
  /** Workflows with events that are not durable yet. */
  readonly underway: (tenant: string) => readonly string[];
}

/** A decision that counts already, while its event is on its way into the log. */
interface Pending {
  readonly workflow: string;
  readonly seq: number;
  readonly change: Change;
  /** Where it was counted. */
  readonly countedIn: Set<FilledSignals>;
}

/** The signals of one tenant that are wider than a workflow: folded from all of its workflows, decisions under way included. */
export class TenantSignals {
  readonly #source: TenantSource;
  readonly #filled: FilledSignals[] = [];
  readonly #filling = new Map<Digest, Promise<void>>();
  readonly #pending = new Map<string, Pending>();

  constructor(source: TenantSource) {
    this.#source = source;
  }

  get isIdle(): boolean {
    return this.#pending.size === 0 && this.#filling.size === 0;
  }

  /** Undefined where it has to be filled first. */
  state(signal: Digest): SignalState | undefined {
    for (const filled of this.#filled) {
      const state = filled.isFilled ? filled.states.get(signal) : undefined;
      if (state !== undefined) return state;
    }
    return undefined;
  }

  /** Whether all of them can be read. */
  has(declarations: Declarations): boolean {
    for (const signal of declarations.keys()) if (this.state(signal) === undefined) return false;
    return true;
  }

  /** Fills those that are not there yet. Throws LOG_UNAVAILABLE, LOG_BROKEN and LOG_VERSION. */
  async fill(declarations: Declarations): Promise<void> {
    const missing = [...declarations].filter(
      ([signal]) => this.state(signal) === undefined && !this.#filling.has(signal),
    );
    if (missing.length > 0) {
      const filling = this.#fill(new Map(missing));
      for (const [signal] of missing) this.#filling.set(signal, filling);
    }
    await Promise.all([...declarations.keys()].map((signal) => this.#filling.get(signal)));
  }

  /** What was folded is not what the log has: it is filled again, and what is under way counts again. */
  reset(): void {
    this.#filled.length = 0;
    for (const { countedIn } of this.#pending.values()) countedIn.clear();
  }

  /** Forgets signals that are not declared any more. */
  retain(isDeclared: (signal: Digest) => boolean): void {
    const kept = this.#filled.filter((filled) => !filled.isFilled || [...filled.states.keys()].some(isDeclared));
    this.#filled.splice(0, this.#filled.length, ...kept);
  }

  reserve(events: readonly NewEvent[], view: WorkflowView, now: number): Reservation {
    const keys: string[] = [];
    events.forEach((event, index) => {
      if (event.type !== 'action.decided') return;
      const seq = view.version + 1 + index;
      const change = decidedChange(event.payload, now, view);
      const pending: Pending = { workflow: view.id, seq, change, countedIn: new Set() };
      for (const filled of this.#filled) this.#count(pending, filled);
      const key = keyOf(view.id, seq);
      this.#pending.set(key, pending);
      keys.push(key);
    });
    const release = (): void => {
      for (const key of keys) this.#release(key);
    };
    return { release };
  }

  /** What an event changes that is in the log; a decision that was reserved counts once. */
  fold(seq: number, change: Change): void {
    const workflow = change.after.workflow;
    const key = keyOf(workflow, seq);
    const reserved = this.#pending.get(key)?.countedIn;
    this.#pending.delete(key);
    for (const filled of this.#filled) if (reserved?.has(filled) !== true) filled.apply(workflow, seq, change);
  }

  async #fill(declarations: Declarations): Promise<void> {
    const filled = new FilledSignals(declarations);
    this.#filled.push(filled);
    try {
      const { log, tenant, underway } = this.#source;
      await filled.read(log, tenant, underway(tenant));
      filled.catchUp();
      for (const pending of this.#pending.values()) this.#count(pending, filled);
    } catch (thrown) {
      const at = this.#filled.indexOf(filled);
      if (at !== -1) this.#filled.splice(at, 1);
      throw thrown;
    } finally {
      for (const signal of declarations.keys()) this.#filling.delete(signal);
    }
  }

  /** While the log is read, nothing counts early: what has got into it is counted then. */
  #count(pending: Pending, filled: FilledSignals): void {
    if (filled.isFilled && filled.apply(pending.workflow, pending.seq, pending.change)) pending.countedIn.add(filled);
  }

  #release(key: string): void {
    const pending = this.#pending.get(key);
    this.#pending.delete(key);
    if (pending === undefined) return;
    for (const filled of pending.countedIn) filled.undo(pending.change);
  }
}

function keyOf(workflow: string, seq: number): string {
  return `${workflow}\n${seq}`;
}
