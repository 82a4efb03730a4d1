import type { StoredEvent } from '../../action/event.ts';
import { isInternal, type StreamId, type WorkflowLog } from '../../action/log-port.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import type { Clock } from '../../lib/clock.ts';
import type { FoldedView } from '../view.ts';
import type { Snapshots } from './snapshots.ts';

export interface ViewKeeperParts {
  readonly log: WorkflowLog;
  readonly clock: Clock;
  readonly snapshots: Snapshots;
}

/** A view is kept anew once this part of its events came after the last snapshot: long workflows are not written again and again. */
const PART = 4;

/**
 * Keeps views as snapshots a while after they moved on, and when the process ends; wakes them from there. Nothing waits for it, and
 * nothing depends on it: a view without a snapshot is folded from its events.
 */
export class ViewKeeper {
  readonly #parts: ViewKeeperParts;
  /** When views are to be kept; the next one first. */
  readonly #waiting = new Map<FoldedView, number>();
  /** The version of a view that is kept. */
  readonly #keptAt = new WeakMap<FoldedView, number>();
  #cancelTimer: (() => void) | undefined;
  #keeping: Promise<void> | undefined;
  #closed = false;

  constructor(parts: ViewKeeperParts) {
    this.#parts = parts;
  }

  /** The view of the last snapshot, and the events after it. Throws LOG_UNAVAILABLE. */
  async wake(stream: StreamId): Promise<{ view: FoldedView; after: readonly StoredEvent[] } | undefined> {
    if (isInternal(stream)) return undefined;
    const found = await this.#parts.log.snapshot?.(stream);
    const view = found && this.#parts.snapshots.restore(stream, found.kept);
    if (found === undefined || view === undefined) return undefined;
    this.#keptAt.set(view, view.version);
    return { view, after: found.after };
  }

  /** Hears that the view has moved on, and that all of it is in the log. */
  note(view: FoldedView): void {
    if (this.#closed || this.#parts.log.keepSnapshot === undefined || !this.#isWorthKeeping(view)) return;
    if (this.#waiting.has(view)) return;
    this.#waiting.set(view, this.#parts.clock.now() + BOUNDS.snapshotDelayMs);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > BOUNDS.snapshotQueue && oldest !== undefined) this.#waiting.delete(oldest);
    this.#cancelTimer ??= this.#parts.clock.after(BOUNDS.snapshotDelayMs, () => this.#onTimer());
  }

  /** Keeps the views that moved last; the others are folded when they wake. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer?.();
    await this.#keeping;
    const last = [...this.#waiting.keys()].slice(-BOUNDS.snapshotsAtClose);
    for (const view of last) await this.#keep(view);
  }

  #isWorthKeeping(view: FoldedView): boolean {
    const { tenant, id: workflow, version, characters, erased } = view;
    if (isInternal({ tenant, workflow }) || erased !== undefined || characters > BOUNDS.snapshotCharacters)
      return false;
    const keptAt = this.#keptAt.get(view) ?? 0;
    return version - keptAt >= Math.max(BOUNDS.snapshotEvents, keptAt / PART);
  }

  #onTimer(): void {
    this.#cancelTimer = undefined;
    this.#keeping ??= this.#keepDue().finally(() => {
      this.#keeping = undefined;
      this.#startTimer();
    });
  }

  #startTimer(): void {
    const [next] = this.#waiting.values();
    if (next === undefined || this.#closed) return;
    this.#cancelTimer ??= this.#parts.clock.after(next - this.#parts.clock.now(), () => this.#onTimer());
  }

  async #keepDue(): Promise<void> {
    for (const [view, dueAt] of this.#waiting) {
      if (this.#closed || dueAt > this.#parts.clock.now()) return;
      await this.#keep(view);
    }
  }

  async #keep(view: FoldedView): Promise<void> {
    this.#waiting.delete(view);
    if (!this.#isWorthKeeping(view)) return;
    try {
      const snapshot = await this.#parts.snapshots.of(view);
      await this.#parts.log.keepSnapshot?.({ tenant: view.tenant, workflow: view.id }, snapshot);
      this.#keptAt.set(view, snapshot.version);
    } catch {
      // The log is away or full: the view is folded from its events when it wakes.
    }
  }
}
