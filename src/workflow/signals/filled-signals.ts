import { setImmediate } from 'node:timers/promises';
import { isInternal, type StreamListing, type WorkflowLog } from '../../action/log-port.ts';
import type { SignalDeclaration } from '../../action/signal.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import type { Digest } from '../../lib/digest.ts';
import type { Change } from './change-of.ts';
import { pastOf } from './past-of.ts';
import { SignalState } from './signal-state.ts';

export type Declarations = ReadonlyMap<Digest, SignalDeclaration>;

/** Signals of one tenant that were filled from its log together, and have followed it since. */
export class FilledSignals {
  readonly states: ReadonlyMap<Digest, SignalState>;
  /** By workflow: the last version that was read, or that another process has appended. */
  readonly #filledTo = new Map<string, number>();
  /** What happened while the log was read; then undefined. */
  #meanwhile: { readonly workflow: string; readonly seq: number; readonly change: Change }[] | undefined = [];

  constructor(declarations: Declarations) {
    this.states = new Map([...declarations].map(([signal, declaration]) => [signal, new SignalState(declaration)]));
  }

  get isFilled(): boolean {
    return this.#meanwhile === undefined;
  }

  /** Counts the change of an event unless it was read already; answers whether it did. */
  apply(workflow: string, seq: number, change: Change): boolean {
    if (this.#meanwhile !== undefined) {
      this.#meanwhile.push({ workflow, seq, change });
      return false;
    }
    if (seq <= (this.#filledTo.get(workflow) ?? 0)) return false;
    this.#apply(change);
    return true;
  }

  /** Another process has appended up to this version, and its changes were applied: what rests on less does not count. */
  follow(workflow: string, version: number): void {
    if (this.#meanwhile !== undefined) return;
    this.#filledTo.delete(workflow);
    this.#filledTo.set(workflow, version);
    const [oldest] = this.#filledTo.keys();
    if (this.#filledTo.size > BOUNDS.signalHistoryWorkflows && oldest !== undefined) this.#filledTo.delete(oldest);
  }

  undo({ before, after }: Change): void {
    for (const state of this.states.values()) {
      state.take(after);
      if (before !== undefined) state.add(before);
    }
  }

  /**
   * Reads the tenant's workflows, the oldest first; `underway` are those with events that are not durable yet, which no
   * list shows. Throws LOG_UNAVAILABLE, LOG_BROKEN and LOG_VERSION.
   */
  async read(log: WorkflowLog, tenant: string, underway: readonly string[]): Promise<void> {
    const listed = await log.list({ tenant, limit: BOUNDS.signalHistoryWorkflows + 1 });
    const { young, forgottenAt } = this.#split(listed.filter((each) => !isInternal(each)));
    if (forgottenAt !== undefined) this.#forget(forgottenAt);
    for (const workflow of new Set([...young, ...underway])) {
      const stream = { tenant, workflow };
      const { version, occurrences, erased } = pastOf(stream, await log.read(stream));
      for (const after of occurrences) this.#apply({ before: undefined, after });
      for (const at of erased) this.#forget(at);
      this.#filledTo.set(workflow, version);
      await setImmediate();
    }
  }

  /** Counts what happened while the log was read. */
  catchUp(): void {
    const meanwhile = this.#meanwhile ?? [];
    this.#meanwhile = undefined;
    for (const { workflow, seq, change } of meanwhile) this.apply(workflow, seq, change);
  }

  /**
   * What has to be read, the oldest first: those whose last event is older than the longest window are over. What is
   * not read beyond the bound counts as forgotten.
   */
  #split(listed: readonly StreamListing[]): {
    readonly young: readonly string[];
    readonly forgottenAt: number | undefined;
  } {
    const windows = [...this.states.values()].map(
      ({ declaration }) => declaration.withinMs ?? Number.POSITIVE_INFINITY,
    );
    const oldest = (listed[0]?.at ?? 0) - Math.max(...windows);
    const young = listed.filter(({ at }) => at > oldest);
    const kept = young.slice(0, BOUNDS.signalHistoryWorkflows);
    // Clocks that go back would bring what is over into the window again.
    const first = listed[kept.length];
    return { young: kept.map(({ workflow }) => workflow).toReversed(), forgottenAt: first?.at };
  }

  #forget(at: number): void {
    for (const state of this.states.values()) state.forget(at);
  }

  #apply({ before, after }: Change): void {
    for (const state of this.states.values()) {
      if (before !== undefined) state.take(before);
      state.add(after);
    }
  }
}
