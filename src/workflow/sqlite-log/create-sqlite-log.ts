import type { StoredEvent } from '../../action/event.ts';
import type {
  AppendResult,
  Head,
  KeptSnapshot,
  StreamId,
  StreamListing,
  StreamSummary,
  WorkflowLog,
} from '../../action/log-port.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import { asInterlockError, InterlockError } from '../../lib/errors.ts';
import { checkAppend, emptyHead, isCurrent } from '../check-append.ts';
import { streamKey } from '../stream-key.ts';
import { GroupCommit } from './group-commit.ts';
import { LogWorkerClient } from './log-worker-client.ts';
import { StreamCache, type StreamState } from './stream-cache.ts';
import type { CheckpointMark, LogWorkerOptions } from './worker-protocol.ts';

/** A stream's head that has become durable, with the number of events that brought it there. */
export interface DurableHead extends StreamId, Head {
  readonly events: number;
}

export interface SqliteLogOptions extends LogWorkerOptions {
  /** Hears of every batch once it is on the disk, and before those who wait for it. Must not throw. */
  readonly onDurable?: ((heads: readonly DurableHead[]) => void) | undefined;
}

export interface SqliteLog extends WorkflowLog {
  readonly snapshot: NonNullable<WorkflowLog['snapshot']>;
  readonly erasable: NonNullable<WorkflowLog['erasable']>;
  readonly keepSnapshot: NonNullable<WorkflowLog['keepSnapshot']>;
  failure(): Promise<InterlockError | undefined>;
  /**
   * Remembers in the log, with its next commit or when it closes, which checkpoint was written last: a checkpoint file
   * that ends before it was cut.
   */
  markCheckpoint(mark: CheckpointMark): void;
}

/**
 * The workflow log in one SQLite file, written by one thread of one process. `synchronous: 'off'` survives a crash of the
 * process, 'full' one of the machine. Throws LOG_IN_USE, LOG_VERSION, LOG_BROKEN or LOG_UNAVAILABLE.
 */
export async function createSqliteLog({ onDurable, ...options }: SqliteLogOptions): Promise<SqliteLog> {
  return new WorkerLog(await LogWorkerClient.start(options), options.synchronous, onDurable);
}

class WorkerLog implements SqliteLog {
  readonly durability: WorkflowLog['durability'];
  readonly #worker: LogWorkerClient;
  readonly #streams = new StreamCache(BOUNDS.loadedWorkflows);
  readonly #loading = new Map<string, Promise<StreamState>>();
  readonly #commits: GroupCommit;
  /** Why the last batch did not get in; until one has, or the disk has shown that there is room. */
  #failure: InterlockError | undefined;
  #closing: Promise<void> | undefined;

  constructor(worker: LogWorkerClient, synchronous: 'full' | 'off', onDurable: SqliteLogOptions['onDurable']) {
    this.durability = synchronous === 'full' ? 'synced' : 'relaxed';
    this.#worker = worker;
    this.#commits = new GroupCommit({
      commit: (groups) => worker.request('commit', groups),
      onDurable: (groups) => {
        this.#failure = undefined;
        onDurable?.(groups.map(({ stream, head, events }) => ({ ...stream, ...head, events: events.length })));
      },
      onFailure: (failure) => {
        this.#failure = failure;
        this.#streams.clear();
      },
    });
  }

  async append(
    stream: StreamId,
    expected: number,
    events: readonly StoredEvent[],
    summary: StreamSummary,
  ): Promise<AppendResult> {
    this.#assertOpen();
    const key = streamKey(stream);
    // From here to the end nothing is awaited for a known stream: that is what makes compare-and-append one step.
    const state = this.#streams.get(key) ?? (await this.#load(key, stream));
    if (!isCurrent(state.head, expected)) return { status: 'conflict', missed: await this.#after(state, expected) };
    const head = checkAppend(state.head, events);
    this.#commits.assertRoom(events);
    return { status: 'appended', durable: this.#commits.add(state, events, { head, summary }) };
  }

  async read(stream: StreamId, afterVersion = 0): Promise<readonly StoredEvent[]> {
    this.#assertOpen();
    const key = streamKey(stream);
    return this.#after(this.#streams.get(key) ?? (await this.#load(key, stream)), afterVersion);
  }

  async snapshot(stream: StreamId): Promise<{ kept: KeptSnapshot; after: readonly StoredEvent[] } | undefined> {
    this.#assertOpen();
    const key = streamKey(stream);
    // Its head says whether the stream ends where it should.
    if (this.#streams.get(key) === undefined) await this.#load(key, stream);
    const found = await this.#worker.request('snapshot', stream);
    return found && { kept: found.kept, after: this.#withPending(key, found.after, found.kept.version) };
  }

  async keepSnapshot(stream: StreamId, snapshot: KeptSnapshot): Promise<void> {
    if (this.#closing === undefined) await this.#worker.request('keep', { stream, snapshot });
  }

  async erasable(filter: { readonly before: number; readonly limit: number }): Promise<readonly StreamListing[]> {
    this.#assertOpen();
    return this.#worker.request('erasable', filter);
  }

  async list(filter: Parameters<WorkflowLog['list']>[0]): Promise<readonly StreamListing[]> {
    this.#assertOpen();
    return this.#worker.request('list', filter);
  }

  async failure(): Promise<InterlockError | undefined> {
    if (this.#failure === undefined) return undefined;
    try {
      await this.#worker.request('room', undefined);
      this.#failure = undefined;
    } catch (thrown) {
      this.#failure = asInterlockError(thrown);
    }
    return this.#failure;
  }

  markCheckpoint(mark: CheckpointMark): void {
    // A log that cannot take it says so at its next append; an older mark only proves less.
    this.#worker.request('mark', mark).catch(() => undefined);
  }

  /** Waits for what was appended, then closes the file. */
  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    // Appends that wait for their stream's head were called before, so they still get in.
    await Promise.allSettled(this.#loading.values());
    await this.#commits.idle();
    await this.#worker.close();
  }

  /** One load at a time for a stream, so that two callers cannot each make a head of it. */
  #load(key: string, stream: StreamId): Promise<StreamState> {
    const loading = this.#loading.get(key) ?? this.#readHead(key, stream);
    this.#loading.set(key, loading);
    return loading;
  }

  async #readHead(key: string, stream: StreamId): Promise<StreamState> {
    try {
      const head = (await this.#worker.request('head', stream)) ?? emptyHead(stream);
      const state = { stream, head, pending: [] };
      this.#streams.set(key, state);
      return state;
    } finally {
      this.#loading.delete(key);
    }
  }

  async #after({ stream, head, pending }: StreamState, version: number): Promise<readonly StoredEvent[]> {
    if (version >= head.version) return [];
    const firstPending = pending[0]?.seq ?? Number.POSITIVE_INFINITY;
    if (version >= firstPending - 1) return pending.slice(version - firstPending + 1);
    const stored = await this.#worker.request('read', { stream, afterVersion: version });
    return this.#withPending(streamKey(stream), stored, version);
  }

  #withPending(key: string, stored: readonly StoredEvent[], version: number): readonly StoredEvent[] {
    const last = stored.at(-1)?.seq ?? version;
    // Looked up again: while the disk was read, pending events may have become durable, or have failed.
    const stillPending = this.#streams.get(key)?.pending.filter(({ seq }) => seq > last) ?? [];
    return [...stored, ...stillPending];
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new InterlockError('LOG_UNAVAILABLE', 'The log is closed.');
  }
}
