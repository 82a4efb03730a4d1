import type { Clock } from '../lib/clock.ts';
import type { Digest } from '../lib/digest.ts';
import { InterlockError } from '../lib/errors.ts';
import type { DurableHead } from '../workflow/sqlite-log/create-sqlite-log.ts';
import type { CheckpointMark } from '../workflow/sqlite-log/worker-protocol.ts';
import { streamKey } from '../workflow/stream-key.ts';
import { type CheckpointFile, openCheckpointFile } from './checkpoint-file.ts';
import { openSigningKey, type SigningKey } from './checkpoint-key.ts';
import { firstPrev, isSignedBy, lineHash, signLine } from './checkpoint-line.ts';

/** Streams of one line; more that changed at once take several lines. */
const HEADS_PER_LINE = 1_000;

export interface CheckpointerOptions {
  /** A folder of its own, at best on another disk and append-only there. Holds `checkpoints.jsonl` and the keys. */
  readonly directory: string;
  readonly clock: Clock;
  /** Milliseconds after which a durable event is under a checkpoint at the latest. */
  readonly everyMs: number;
  /** Events after which a checkpoint is written without waiting for the time. */
  readonly everyEvents: number;
  /** Hears of each line once it is on the disk, so that the log can remember it. */
  readonly onWritten?: ((mark: CheckpointMark) => void) | undefined;
}

export interface Checkpointer {
  /** To be told of every durable head, in order; never of one that is not on the disk yet. */
  note(head: DurableHead): void;
  /** Resolves when everything noted so far is under a checkpoint on the disk. Rejects with LOG_UNAVAILABLE. */
  flush(): Promise<void>;
  /** Why the last attempt to write failed; undefined when all is well. What was noted is kept for the next attempt. */
  failure(): InterlockError | undefined;
  /** Flushes and closes. */
  close(): Promise<void>;
}

/** Signed statements, outside the log, of what the log was. Throws LOG_BROKEN where the last line is not signed by the folder's key. */
export async function createCheckpointer(options: CheckpointerOptions): Promise<Checkpointer> {
  const key = openSigningKey(options.directory);
  const file = await openCheckpointFile(options.directory);
  if (file.last !== undefined && !isSignedBy(key.verifier, file.last.checkpoint)) {
    await file.close();
    throw new InterlockError(
      'LOG_BROKEN',
      `Checkpoint ${file.last.checkpoint.n} is not signed with the key of its folder.`,
    );
  }
  return new FileCheckpointer(options, key, file);
}

class FileCheckpointer implements Checkpointer {
  readonly #options: CheckpointerOptions;
  readonly #key: SigningKey;
  readonly #file: CheckpointFile;
  #last: { readonly n: number; readonly hash: Digest; readonly streams: number };
  #changed = new Map<string, DurableHead>();
  #changedEvents = 0;
  #cancelTimer: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failure: InterlockError | undefined;

  constructor(options: CheckpointerOptions, key: SigningKey, file: CheckpointFile) {
    this.#options = options;
    this.#key = key;
    this.#file = file;
    this.#last = file.last
      ? { ...file.last.checkpoint, hash: file.last.hash }
      : { n: 0, hash: firstPrev(key.keyId), streams: 0 };
  }

  note(head: DurableHead): void {
    this.#add(head);
    // After a failure only the timer tries again: a full disk is not to be hammered.
    if (this.#changedEvents >= this.#options.everyEvents && this.#failure === undefined) this.#flushInBackground();
    else this.#startTimer();
  }

  flush(): Promise<void> {
    this.#writing = this.#writing.then(
      () => this.#write(),
      () => this.#write(),
    );
    return this.#writing;
  }

  failure(): InterlockError | undefined {
    return this.#failure;
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      this.#stopTimer();
      await this.#file.close();
    }
  }

  /** Later heads of a stream replace earlier ones; the events add up, so that they say which version a checkpoint saw before. */
  #add(head: DurableHead): void {
    const key = streamKey(head);
    const before = this.#changed.get(key)?.events ?? 0;
    this.#changed.set(key, { ...head, events: before + head.events });
    this.#changedEvents += head.events;
  }

  async #write(): Promise<void> {
    const changed = [...this.#changed.values()];
    this.#changed = new Map();
    this.#changedEvents = 0;
    this.#stopTimer();
    let written = 0;
    try {
      for (; written < changed.length; written += HEADS_PER_LINE) {
        await this.#writeLine(changed.slice(written, written + HEADS_PER_LINE));
      }
      this.#failure = undefined;
    } catch (cause) {
      this.#putBack(changed.slice(written));
      this.#failure = new InterlockError('LOG_UNAVAILABLE', 'The checkpoint of the log could not be written.', {
        cause,
      });
      this.#startTimer();
      throw this.#failure;
    }
  }

  async #writeLine(changed: readonly DurableHead[]): Promise<void> {
    const n = this.#last.n + 1;
    const streams = this.#last.streams + changed.filter(({ version, events }) => version === events).length;
    const line = signLine(
      {
        n,
        at: this.#options.clock.now(),
        prev: this.#last.hash,
        heads: changed.map(({ tenant, workflow, version, hash }) => ({ tenant, workflow, version, hash })),
        streams,
      },
      this.#key,
    );
    await this.#file.append(line);
    this.#last = { n, hash: lineHash(line), streams };
    this.#options.onWritten?.({ n, hash: this.#last.hash });
  }

  /** Before what was noted in the meantime. */
  #putBack(heads: readonly DurableHead[]): void {
    const meantime = this.#changed.values();
    this.#changed = new Map();
    this.#changedEvents = 0;
    for (const head of [...heads, ...meantime]) this.#add(head);
  }

  #flushInBackground(): void {
    // The failure is kept for whoever asks whether all is well.
    this.flush().catch(() => undefined);
  }

  #startTimer(): void {
    this.#cancelTimer ??= this.#options.clock.after(this.#options.everyMs, () => this.#flushInBackground());
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
