import type { NewEvent, StoredEvent, WorkflowEvent } from '../action/event.ts';
import type { AppendResult, StreamId, WorkflowLog } from '../action/log-port.ts';
import type { EventFollower } from '../action/signal-store.ts';
import type { WorkflowView } from '../action/view.ts';
import { BOUNDS } from '../lib/bounds.ts';
import type { CanonicalTexts } from '../lib/canonical-json.ts';
import type { Clock } from '../lib/clock.ts';
import { InterlockError } from '../lib/errors.ts';
import type { IdSource } from '../lib/ids.ts';
import { summaryAfter } from './action-state.ts';
import { appendGuard } from './append-guard.ts';
import type { AppendMeter } from './append-meter.ts';
import { appendReserved } from './append-reserved.ts';
import { chainEvents, ownEvents } from './chain.ts';
import { erasureIn, readStored } from './fold-stored.ts';
import type { FoldedView } from './view.ts';

/** What a commit proposes on the version it is shown: events to append (none: nothing to do) and what to answer. */
export interface Proposal<T> {
  readonly events: readonly NewEvent[];
  /** Of parts of their payloads that nobody else holds. */
  readonly texts?: CanonicalTexts | undefined;
  readonly result: T;
}

export interface Committed<T> {
  readonly result: T;
  readonly version: number;
  /** Resolves when the events and everything they rest on are durable; await it before any answer leaves. */
  readonly durable: Promise<void>;
}

export interface LiveWorkflowParts {
  readonly stream: StreamId;
  readonly view: FoldedView;
  readonly log: WorkflowLog;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly follower?: EventFollower | undefined;
  readonly meter?: AppendMeter | undefined;
  /** Told of every event once it is durable. */
  readonly onDurable: (events: readonly WorkflowEvent[], view: WorkflowView) => void;
  /** Told of every event that another process has appended, once it is folded. */
  readonly onForeign: (events: readonly WorkflowEvent[], view: WorkflowView) => void;
  /** Told of what an append has missed of the tenant's own stream. */
  readonly onControls: (missed: readonly StoredEvent[]) => void;
}

/**
 * One workflow in this process: its view, and the one way to add to it. Proposals are made one after the other on the
 * newest version; where another gateway was faster, the missed events are folded and the proposal is made again.
 */
export class LiveWorkflow {
  readonly #parts: LiveWorkflowParts;
  /** Ends with the commits under way; undefined where there are none. */
  #turn: Promise<unknown> | undefined;
  #durable: Promise<void> = Promise.resolve();
  #lost = false;
  /** Commits under way, and appends that are not durable yet. */
  #underway = 0;

  constructor(parts: LiveWorkflowParts) {
    this.#parts = parts;
  }

  get view(): WorkflowView {
    return this.#parts.view;
  }

  /** The disk lost what this view holds: it must be loaded again. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Nothing is under way, and the log has all that the view shows: it can be read again from there. */
  get idle(): boolean {
    return this.#underway === 0;
  }

  /** Resolves when everything that the view shows is durable. */
  get durable(): Promise<void> {
    return this.#durable;
  }

  /**
   * Throws WORKFLOW_BUSY after `attempts` conflicts, LOG_UNAVAILABLE where the log cannot be written, WORKFLOW_ERASED, and
   * what `propose` throws.
   */
  commit<T>(
    propose: (view: WorkflowView, now: number) => Proposal<T>,
    attempts: number = this.#parts.log.shared === undefined ? BOUNDS.decisionAttempts : BOUNDS.sharedDecisionAttempts,
    evenErased = false,
  ): Promise<Committed<T>> {
    return this.#inTurn(() => this.#commit(propose, attempts, evenErased));
  }

  /** Folds what other processes have appended. Throws LOG_UNAVAILABLE and LOG_BROKEN. */
  refresh(): Promise<void> {
    const { log, stream, view } = this.#parts;
    return this.#inTurn(async () => this.#foldAll(await log.read(stream, view.version)));
  }

  /** Folds events of others, as far as they are next. */
  fold(missed: readonly StoredEvent[]): void {
    this.#foldAll(missed.filter(({ seq }) => seq > this.#parts.view.version));
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const before = this.#turn;
    const turn = before === undefined ? step() : before.then(step);
    this.#underway += 1;
    const end = (): void => {
      this.#underway -= 1;
      if (this.#turn === ended) this.#turn = undefined;
    };
    const ended = turn.then(end, end);
    this.#turn = ended;
    return turn;
  }

  async #commit<T>(
    propose: (view: WorkflowView, now: number) => Proposal<T>,
    attempts: number,
    evenErased: boolean,
  ): Promise<Committed<T>> {
    const { view, clock } = this.#parts;
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (this.#lost)
        throw new InterlockError('LOG_UNAVAILABLE', 'the log lost events of this workflow; it is being read again');
      const now = Math.max(clock.now(), view.at);
      if (view.erased !== undefined && !evenErased) throw new InterlockError('WORKFLOW_ERASED');
      const proposal = propose(view, now);
      const { events, result } = proposal;
      if (events.length === 0) return { result, version: view.version, durable: this.#durable };
      const appended = await this.#append(proposal, now);
      if (appended.status === 'appended') return { result, version: view.version, durable: this.#durable };
      this.#foldAll(appended.missed);
      // The next attempt asks for itself: it records what it rests on and no more.
      view.provenance.stale();
      if (appended.controls !== undefined && appended.controls.length > 0) this.#parts.onControls(appended.controls);
    }
    throw new InterlockError('WORKFLOW_BUSY');
  }

  async #append({ events, texts }: Proposal<unknown>, now: number): Promise<AppendResult> {
    const { stream, view, log, ids } = this.#parts;
    const head = view.version === 0 ? undefined : { version: view.version, hash: view.head, at: view.at };
    const chained = chainEvents({ stream, head, events, texts, now, salt: () => ids.id('s') });
    const own = ownEvents(chained, events, texts);
    const reservation = this.#parts.follower?.reserve(events, view, now);
    const guard = log.shared === undefined ? undefined : appendGuard(events, reservation?.guard);
    const summary = summaryAfter(view, events);
    const write = (): Promise<AppendResult> => log.append(stream, view.version, chained, summary, guard);
    const append = (): Promise<AppendResult> => this.#parts.meter?.measure(write) ?? write();
    const appending = reservation === undefined ? append() : appendReserved(reservation, append);
    const result = await appending.catch((thrown: unknown) => {
      // It may have got in, and the feed does not tell this process of its own events.
      if (log.shared !== undefined) this.#parts.follower?.lost(stream);
      throw thrown;
    });
    if (result.status === 'appended') {
      for (const [index, event] of own.entries()) this.#fold(event, chained[index]?.payload?.length, false);
      view.provenance.keepUp();
      this.#follow(result.durable, own);
    }
    return result;
  }

  #foldAll(stored: readonly StoredEvent[]): void {
    if (stored.length === 0) return;
    const { view, follower } = this.#parts;
    const erasure = erasureIn(stored);
    if (erasure !== undefined) view.erase(erasure);
    const events = stored.flatMap((each) => {
      const event = readStored(view, each);
      if (event === undefined) view.pass(each);
      else this.#fold(event, each.payload?.length, true);
      return event ?? [];
    });
    if (erasure !== undefined) follower?.lost(this.#parts.stream);
    this.#parts.onForeign(events, view);
  }

  #fold(event: WorkflowEvent, characters: number | undefined, isForeign: boolean): void {
    this.#parts.follower?.fold(event, this.#parts.view, isForeign);
    this.#parts.view.apply(event, characters);
  }

  /** What the log says of its last append, it says of all before. */
  #follow(durable: Promise<void>, events: readonly WorkflowEvent[]): void {
    this.#durable = durable;
    this.#underway += 1;
    durable.then(
      () => {
        this.#underway -= 1;
        // What is remembered of it elsewhere is to be read again, without what was erased.
        if (events.some(({ type }) => type === 'payloads.erased')) this.#parts.follower?.lost(this.#parts.stream);
        this.#parts.onDurable(events, this.#parts.view);
      },
      () => {
        this.#underway -= 1;
        this.#lost = true;
        this.#parts.follower?.lost(this.#parts.stream);
      },
    );
  }
}
