import type { StoredEvent } from '../../action/event.ts';
import type { Head, StreamSummary } from '../../action/log-port.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import { asInterlockError, InterlockError } from '../../lib/errors.ts';
import type { StreamState } from './stream-cache.ts';
import type { CommitGroup } from './worker-protocol.ts';

interface OpenGroup extends CommitGroup {
  readonly events: StoredEvent[];
  head: Head;
  summary: StreamSummary;
}

/** What becomes durable together; all who wait for a part of it share one promise. */
interface Batch extends PromiseWithResolvers<void> {
  readonly groups: Map<StreamState, OpenGroup>;
}

interface GroupCommitOptions {
  /** One transaction. */
  readonly commit: (groups: readonly CommitGroup[]) => Promise<void>;
  /** Called for every batch once it is on the disk, before anyone who waits for it goes on. */
  readonly onDurable: (groups: readonly CommitGroup[]) => void;
  /** Called when nothing that was added since the last durable batch will be durable, before those who wait hear of it. */
  readonly onFailure: (failure: InterlockError) => void;
}

/** Collects appends while the disk is busy and commits them as one: the disk's latency is paid once a batch. */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #collecting = newBatch();
  #inFlight: Batch | undefined;
  #scheduled = false;
  #pendingRows = 0;
  #pendingCharacters = 0;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Throws LOG_UNAVAILABLE when the disk is too far behind; nothing is added then. */
  assertRoom(events: readonly StoredEvent[]): void {
    if (
      this.#pendingRows + events.length > BOUNDS.pendingAppends ||
      this.#pendingCharacters > BOUNDS.pendingAppendCharacters
    ) {
      throw new InterlockError('LOG_UNAVAILABLE', 'Too many events wait for the disk.');
    }
  }

  /** Adds events that follow the state's head, and moves the head. The promise rejects with LOG_UNAVAILABLE. */
  add(
    state: StreamState,
    events: readonly StoredEvent[],
    after: { readonly head: Head; readonly summary: StreamSummary },
  ): Promise<void> {
    const { groups, promise } = this.#collecting;
    const group = groups.get(state);
    if (group === undefined) {
      groups.set(state, { stream: state.stream, expected: state.head.version, events: [...events], ...after });
    } else {
      group.events.push(...events);
      group.head = after.head;
      group.summary = after.summary;
    }
    state.head = after.head;
    state.pending.push(...events);
    this.#count(events, 1);
    this.#schedule();
    return promise;
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#pendingRows > 0) await (this.#inFlight ?? this.#collecting).promise.catch(ignoreFailure);
  }

  /** After the microtasks: whoever was woken by the last batch gets into the next one. */
  #schedule(): void {
    if (this.#scheduled || this.#inFlight !== undefined || this.#collecting.groups.size === 0) return;
    this.#scheduled = true;
    setImmediate(() => void this.#flush());
  }

  async #flush(): Promise<void> {
    const batch = this.#collecting;
    const groups = [...batch.groups.values()];
    this.#scheduled = false;
    this.#inFlight = batch;
    this.#collecting = newBatch();
    try {
      await this.#options.commit(groups);
      this.#settle(batch, groups);
    } catch (error) {
      this.#fail(batch, error);
    }
  }

  #settle(batch: Batch, groups: readonly CommitGroup[]): void {
    for (const [state, { events }] of batch.groups) {
      state.pending.splice(0, events.length);
      this.#count(events, -1);
    }
    this.#inFlight = undefined;
    this.#options.onDurable(groups);
    batch.resolve();
    this.#schedule();
  }

  /** What came after the failed batch rests on it, so it fails too. */
  #fail(batch: Batch, error: unknown): void {
    const behind = this.#collecting;
    const cause = asInterlockError(error);
    const failure = new InterlockError('LOG_UNAVAILABLE', `The events could not be made durable: ${cause.message}`, {
      cause,
    });
    for (const { groups } of [batch, behind]) {
      for (const { pending } of groups.keys()) pending.length = 0;
    }
    this.#inFlight = undefined;
    this.#collecting = newBatch();
    this.#pendingRows = 0;
    this.#pendingCharacters = 0;
    this.#options.onFailure(failure);
    batch.reject(failure);
    behind.reject(failure);
  }

  #count(events: readonly StoredEvent[], sign: 1 | -1): void {
    this.#pendingRows += sign * events.length;
    for (const { payload } of events) this.#pendingCharacters += sign * (payload?.length ?? 0);
  }
}

function newBatch(): Batch {
  const batch = { groups: new Map<StreamState, OpenGroup>(), ...Promise.withResolvers<void>() };
  // Whoever waits sees the failure; that nobody waits must not end the process.
  batch.promise.catch(ignoreFailure);
  return batch;
}

const ignoreFailure = (): undefined => undefined;
