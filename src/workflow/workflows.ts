import { setImmediate } from 'node:timers/promises';
import type { NewEvent, StoredEvent, WorkflowEvent } from '../action/event.ts';
import { isInternal, type StreamId, tenantStream, type WorkflowLog } from '../action/log-port.ts';
import type { EventFollower } from '../action/signal-store.ts';
import type { WorkflowView } from '../action/view.ts';
import { BOUNDS } from '../lib/bounds.ts';
import type { Clock } from '../lib/clock.ts';
import { InterlockError } from '../lib/errors.ts';
import type { IdSource } from '../lib/ids.ts';
import type { AppendMeter } from './append-meter.ts';
import { genesisHash } from './chain.ts';
import { erasureIn, readStored } from './fold-stored.ts';
import { type Committed, LiveWorkflow, type Proposal } from './live-workflow.ts';
import type { ViewKeeper } from './snapshot/view-keeper.ts';
import { streamKey } from './stream-key.ts';
import { FoldedView } from './view.ts';
import { type ViewsInMemory, viewsInMemory } from './views-in-memory.ts';

export interface WorkflowsParts {
  readonly log: WorkflowLog;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Kept in step with all views. */
  readonly follower?: EventFollower | undefined;
  /** Keeps views for later, so that a sleeping workflow wakes fast. */
  readonly keeper?: ViewKeeper | undefined;
  readonly meter?: AppendMeter | undefined;
}

export type DurableListener = (stream: StreamId, events: readonly WorkflowEvent[], view: WorkflowView) => void;

/** Workflows looked at to make room for one: more than one, so that memory shrinks again after a burst of busy ones. */
const LOOKS = 4;
/** Events folded before others have their turn: some milliseconds. */
const FOLDED_AT_ONCE = 500;
/** Times that more is waited for which came while it was waited. */
const RESTS = 8;
const RETRY_MS = 50;
const RETRY_MAX_MS = 5_000;

/** The workflows of this process: loaded when asked for, kept while they are used, one view each. */
export class Workflows {
  readonly #parts: WorkflowsParts;
  readonly #loaded = new Map<string, Loaded>();
  /** Of the views in memory, as far as they have been counted. */
  #characters = 0;
  readonly #listeners = new Set<DurableListener>();
  readonly #foreign = new Set<DurableListener>();
  readonly #standing = new Map<string, Loaded>();

  constructor(parts: WorkflowsParts) {
    this.#parts = parts;
    parts.log.shared?.onMoved((stream, version) => this.#moved(stream, version));
  }

  /** Calls back with every event once it is durable; the returned function ends it. */
  onDurable(listener: DurableListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls back with every event that is seen of other processes; the returned function ends it. */
  onForeign(listener: DurableListener): () => void {
    this.#foreign.add(listener);
    return () => this.#foreign.delete(listener);
  }

  /** Creates a workflow with its first event. */
  async create(stream: StreamId, opened: NewEvent): Promise<Committed<undefined>> {
    const workflow = this.#live(stream, new FoldedView(stream, genesisHash(stream)));
    const committed = await workflow.commit(() => ({ events: [opened], result: undefined }));
    this.#remember(streamKey(stream), { workflow, loading: Promise.resolve(workflow), counted: 0 });
    return committed;
  }

  /** Throws NOT_FOUND for a stream that has no events, LOG_BROKEN and LOG_UNAVAILABLE. */
  load(stream: StreamId): Promise<LiveWorkflow> {
    const key = streamKey(stream);
    const known = this.#loaded.get(key);
    if (known?.workflow === undefined || known.workflow.lost) return this.#load(stream);
    this.#remember(key, known);
    return known.loading;
  }

  async #load(stream: StreamId): Promise<LiveWorkflow> {
    if (isInternal(stream)) throw new InterlockError('NOT_FOUND', 'there is no such workflow');
    const key = streamKey(stream);
    const known = this.#loaded.get(key);
    if (known !== undefined) {
      const workflow = await known.loading;
      // It may have left meanwhile, and another one come: there is only one at a time.
      if (this.#loaded.get(key) !== known) return this.load(stream);
      if (!workflow.lost) {
        this.#remember(key, known);
        return workflow;
      }
      this.#forget(key, known);
      return this.load(stream);
    }
    const loaded: Loaded = { loading: this.#read(stream), counted: 0 };
    this.#remember(key, loaded);
    try {
      loaded.workflow = await loaded.loading;
      return loaded.workflow;
    } catch (thrown) {
      this.#forget(key, loaded);
      throw thrown;
    }
  }

  /** The workflow with all that the log has of it now, also from other processes. Throws as `load`. */
  async fresh(stream: StreamId): Promise<LiveWorkflow> {
    const workflow = await this.load(stream);
    if (this.#parts.log.shared !== undefined) await workflow.refresh();
    return workflow;
  }

  /** As `fresh`, once all that its view shows is durable; one that never rests is waited for a while. */
  async loadDurable(stream: StreamId): Promise<LiveWorkflow> {
    await this.fresh(stream);
    let workflow = await this.knownDurable(stream);
    // What came meanwhile shows as well.
    for (let more = 0; more < RESTS && !workflow.idle; more++) workflow = await this.knownDurable(stream);
    return workflow;
  }

  /**
   * The workflow as this process knows it, once all that its view shows is durable; where the log lost some of that, it is
   * read again. Throws as `load`.
   */
  async knownDurable(stream: StreamId): Promise<LiveWorkflow> {
    const workflow = await this.load(stream);
    try {
      await workflow.durable;
      return workflow;
    } catch (thrown) {
      if (!workflow.lost) throw thrown;
      const again = await this.load(stream);
      await again.durable;
      return again;
    }
  }

  /** A stream that is always there, empty at first, and stays in memory: the tenant's own. Throws LOG_BROKEN and LOG_UNAVAILABLE. */
  async standing(stream: StreamId): Promise<LiveWorkflow> {
    const key = streamKey(stream);
    const known = this.#standing.get(key);
    if (known !== undefined && known.workflow?.lost !== true) return known.loading;
    const loaded: Loaded = { loading: this.#fold(stream).then((view) => this.#live(stream, view)), counted: 0 };
    this.#standing.set(key, loaded);
    try {
      loaded.workflow = await loaded.loading;
      return loaded.workflow;
    } catch (thrown) {
      if (this.#standing.get(key) === loaded) this.#standing.delete(key);
      throw thrown;
    }
  }

  /** The view of {@link standing} without waiting; undefined where it has to be read first. */
  standingView(stream: StreamId): WorkflowView | undefined {
    const workflow = this.#standing.get(streamKey(stream))?.workflow;
    return workflow?.lost === true ? undefined : workflow?.view;
  }

  /**
   * Commits what must not be lost (outcomes, answers): through conflicts and a log that is away for a while, until it
   * is durable or `signal` ends it. A process that ends before leaves the outcome unknown, which a restart records.
   */
  async commitUntilIn<T>(
    stream: StreamId,
    propose: (view: WorkflowView, now: number) => Proposal<T>,
    signal: AbortSignal,
  ): Promise<Committed<T>> {
    for (let delayMs = RETRY_MS; ; delayMs = Math.min(delayMs * 2, RETRY_MAX_MS)) {
      try {
        const workflow = await this.load(stream);
        const committed = await workflow.commit(propose, Number.POSITIVE_INFINITY);
        await committed.durable;
        return committed;
      } catch (thrown) {
        if (!(thrown instanceof InterlockError) || thrown.code !== 'LOG_UNAVAILABLE' || signal.aborted) throw thrown;
        await this.#pause(delayMs, signal);
      }
    }
  }

  #pause(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.#parts.clock.after(delayMs, end);
      signal.addEventListener('abort', end, { once: true });
    });
  }

  inMemory(): ViewsInMemory {
    return viewsInMemory(
      [...this.#loaded.values()].flatMap(({ workflow }) => workflow?.view ?? []),
      this.#characters,
    );
  }

  /** Workflows of the tenant that are ahead of what a list of the log shows. */
  underway(tenant: string): readonly string[] {
    return [...this.#loaded.values()].flatMap(({ workflow }) =>
      workflow !== undefined && !workflow.idle && workflow.view.tenant === tenant ? [workflow.view.id] : [],
    );
  }

  /** The view as it was at a version, e.g. the one that a decision saw. Throws NOT_FOUND for a version that is not there. */
  async viewAt(stream: StreamId, version: number): Promise<WorkflowView> {
    const view = await this.#fold(stream, version);
    if (view.erased !== undefined) throw new InterlockError('WORKFLOW_ERASED');
    if (view.version !== version) throw new InterlockError('NOT_FOUND', `the workflow has no version ${version}`);
    return view;
  }

  /** The workflows of a tenant, newest first; its own stream is none. */
  async list(filter: { readonly tenant: string; readonly openOnly?: boolean; readonly limit: number }) {
    const listed = await this.#parts.log.list({ ...filter, limit: filter.limit + 1 });
    return listed.filter((each) => !isInternal(each)).slice(0, filter.limit);
  }

  get log(): WorkflowLog {
    return this.#parts.log;
  }

  async #read(stream: StreamId): Promise<LiveWorkflow> {
    const view = await this.#fold(stream);
    if (view.version === 0) throw new InterlockError('NOT_FOUND', 'there is no such workflow');
    return this.#live(stream, view);
  }

  /** A long workflow is folded in parts, so that others go on meanwhile. */
  async #fold(stream: StreamId, version = Number.POSITIVE_INFINITY): Promise<FoldedView> {
    const woken = version === Number.POSITIVE_INFINITY ? await this.#parts.keeper?.wake(stream) : undefined;
    const { view = new FoldedView(stream, genesisHash(stream)) } = woken ?? {};
    const stored = woken?.after ?? (await this.#parts.log.read(stream));
    const erasure = erasureIn(stored);
    if (erasure !== undefined) view.erase(erasure);
    for (const each of stored) {
      if (each.seq > version) break;
      if (each.seq % FOLDED_AT_ONCE === 0) await setImmediate();
      const event = readStored(view, each);
      if (event === undefined) view.pass(each);
      else view.apply(event, each.payload?.length);
    }
    return view;
  }

  #live(stream: StreamId, view: FoldedView): LiveWorkflow {
    const onDurable = (events: readonly WorkflowEvent[], seen: WorkflowView): void => {
      this.#parts.keeper?.note(view);
      for (const listener of this.#listeners) listener(stream, events, seen);
    };
    const onForeign = (events: readonly WorkflowEvent[], seen: WorkflowView): void => {
      for (const listener of this.#foreign) listener(stream, events, seen);
    };
    const onControls = (missed: readonly StoredEvent[]): void =>
      this.#standing.get(streamKey(tenantStream(stream.tenant)))?.workflow?.fold(missed);
    return new LiveWorkflow({ stream, view, onDurable, onForeign, onControls, ...this.#parts });
  }

  /** Another process has appended: whoever waits for it here, or watches, sees it. */
  #moved(stream: StreamId, version: number): void {
    const key = streamKey(stream);
    const loaded = this.#standing.get(key) ?? this.#loaded.get(key);
    if (loaded === undefined) return;
    const refresh = async (): Promise<void> => {
      const workflow = await loaded.loading;
      if (!workflow.lost && workflow.view.version < version) await workflow.refresh();
    };
    // A hint: what it could not bring comes with the next append, or the next read.
    refresh().catch(() => undefined);
  }

  /** Most recently used last; past the bound the oldest idle one leaves memory. Its log stays. */
  #remember(key: string, loaded: Loaded): void {
    this.#moveToEnd(key, loaded);
    const characters = loaded.workflow?.view.characters ?? 0;
    this.#characters += characters - loaded.counted;
    loaded.counted = characters;
    for (let looks = 0; looks < LOOKS && this.#isCrowded(); looks++) {
      const [oldest] = this.#loaded;
      if (oldest === undefined || oldest[1] === loaded) return;
      if (oldest[1].workflow?.idle === true) this.#forget(...oldest);
      else this.#moveToEnd(...oldest);
    }
  }

  #isCrowded(): boolean {
    return this.#loaded.size > BOUNDS.loadedWorkflows || this.#characters > BOUNDS.loadedCharacters;
  }

  #forget(key: string, loaded: Loaded): void {
    if (this.#loaded.get(key) !== loaded) return;
    this.#loaded.delete(key);
    this.#characters -= loaded.counted;
  }

  #moveToEnd(key: string, loaded: Loaded): void {
    this.#loaded.delete(key);
    this.#loaded.set(key, loaded);
  }
}

interface Loaded {
  readonly loading: Promise<LiveWorkflow>;
  /** Once it is there. */
  workflow?: LiveWorkflow;
  /** Characters of its view that are in the sum. */
  counted: number;
}
