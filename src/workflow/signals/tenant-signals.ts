import type { NewEvent } from '../../action/event.ts';
import type { FeedEntry, MemoryGuard, WorkflowLog } from '../../action/log-port.ts';
import type { Reservation } from '../../action/signal-store.ts';
import type { WorkflowView } from '../../action/view.ts';
import type { Digest } from '../../lib/digest.ts';
import { cellId } from './cell-keys.ts';
import { type Change, changeAhead, decidedChange } from './change-of.ts';
import { type Declarations, FilledSignals } from './filled-signals.ts';
import type { Occurrence } from './occurrence.ts';
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
  /** Of a shared log: the last entry of the tenant's feed that is counted; undefined before anything is filled. */
  #seen: number | undefined;
  /** Cells that were read since something was reserved last. */
  readonly #read = new Set<string>();
  /** Signals that these are of. */
  readonly #asked = new Set<string>();

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
    this.#seen = undefined;
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
    return this.#source.log.shared === undefined ? { release } : { release, guard: this.#guard(events, view, now) };
  }

  /** Of a shared log: a decision rests on what this signal is for an action. */
  noteRead(signal: Digest, state: SignalState, present: Occurrence): void {
    for (const key of [...state.keysRead(present), ANY_CELL]) this.#read.add(cellId(signal, key));
    this.#asked.add(cellId(signal, ANY_CELL));
  }

  /** What other processes have appended; what is not told is read again. */
  found(entries: readonly FeedEntry[], own: number | undefined): void {
    for (const { n, workflow, version, changes } of entries) {
      if (this.#seen === undefined || n <= this.#seen) continue;
      if (changes === undefined) {
        this.reset();
        return;
      }
      this.#seen = n;
      // It rests on an older version, so it does not get in.
      for (const [key, pending] of this.#pending)
        if (pending.workflow === workflow && pending.seq <= version) this.#release(key);
      for (const { seq, change } of parseChanges(changes)) this.#countFirst(workflow, seq, change);
      for (const filled of this.#filled) filled.follow(workflow, version);
    }
    if (own !== undefined && this.#seen !== undefined) this.#seen = Math.max(this.#seen, own);
  }

  /** What another process has appended comes before what is under way here, also of the same action. */
  #countFirst(workflow: string, seq: number, change: Change): void {
    const { action } = change.after;
    const behind = [...this.#pending.values()].filter(
      (pending) => pending.workflow === workflow && pending.change.after.action === action,
    );
    for (const pending of behind) for (const filled of pending.countedIn) filled.undo(pending.change);
    for (const filled of this.#filled) filled.apply(workflow, seq, change);
    for (const pending of behind)
      for (const filled of pending.countedIn) filled.apply(workflow, pending.seq, pending.change);
  }

  #guard(events: readonly NewEvent[], view: WorkflowView, now: number): MemoryGuard {
    const changes = events.flatMap((event, index) => {
      const change = changeAhead(event, now, view);
      return change === undefined ? [] : [{ seq: view.version + 1 + index, change }];
    });
    const reads = [...this.#read];
    const asks = [...this.#asked];
    this.#read.clear();
    this.#asked.clear();
    const touches = new Set(changes.flatMap(({ change }) => this.#touched(change)));
    return {
      seen: this.#seen,
      reads,
      touches: [...touches],
      asks,
      tells: this.#filled.flatMap(({ states }) => [...states.keys()].map((signal) => cellId(signal, ANY_CELL))),
      changes: changes.length === 0 ? '' : JSON.stringify(changes),
    };
  }

  #touched({ before, after }: Change): readonly string[] {
    const occurrences = before === undefined ? [after] : [before, after];
    return this.#filled.flatMap(({ states }) =>
      [...states].flatMap(([signal, state]) =>
        occurrences.flatMap((each) => (state.keysChanged(each) ?? [ANY_CELL]).map((key) => cellId(signal, key))),
      ),
    );
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
      const position = await log.shared?.position(tenant);
      this.#seen ??= position;
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

/** No key of a cell: keys of users and agents begin with their ids, those of a tenant are empty or begin otherwise. */
const ANY_CELL = '\n*';

/** What another gateway of this deployment has written. */
function parseChanges(text: string): readonly { readonly seq: number; readonly change: Change }[] {
  return text === '' ? [] : JSON.parse(text);
}

function keyOf(workflow: string, seq: number): string {
  return `${workflow}\n${seq}`;
}
