import type { Clock } from '../../lib/clock.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { BullWorker } from './bull-worker.ts';
import type { JobQueue } from './open-queue.ts';
import { within } from './within.ts';

/** How one queue stood when it was last looked at. */
export interface QueueSample {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  /** Given up. */
  readonly dead: number;
  /** Milliseconds that the oldest job has waited. */
  readonly lagMs: number;
}

/** One queue, and the worker of this process. */
export interface Watched {
  readonly system: string;
  readonly open: () => JobQueue;
  readonly worker: Pick<BullWorker, 'counts' | 'hasRoom' | 'renew'>;
}

interface Seen {
  readonly sample: QueueSample;
  readonly taken: number;
  /** Looks in a row at which jobs waited and the worker, with room, had taken none. */
  readonly idle: number;
}

const LOOK_MS = 5_000;
/** The first may fall between two jobs. */
const IDLE_LOOKS = 2;

/** Looks at the queues by the clock: a connection that hangs makes a worker stop without a word. It is renewed then. */
export class WorkerWatch {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #watched: readonly Watched[];
  readonly #seen = new Map<string, Seen>();
  readonly #queues = new Map<string, JobQueue>();
  #isAway = false;
  #closed = false;
  #cancel: () => void;

  constructor({ clock, everyMs, watched }: { clock: Clock; everyMs: number; watched: readonly Watched[] }) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#watched = watched;
    this.#cancel = this.#next();
  }

  get samples(): readonly (QueueSample & { readonly system: string })[] {
    return [...this.#seen].map(([system, { sample }]) => ({ system, ...sample }));
  }

  /** For readiness. */
  get failure(): InterlockError | undefined {
    if (this.#isAway) return new InterlockError('QUEUE_UNAVAILABLE', 'Redis does not answer the watch of the queues.');
    const stuck = [...this.#seen].filter(([, { idle }]) => idle >= IDLE_LOOKS).map(([system]) => system);
    if (stuck.length === 0) return undefined;
    return new InterlockError('QUEUE_UNAVAILABLE', `jobs wait and none is taken: ${stuck.join(', ')}`);
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  #next(): () => void {
    return this.#clock.after(this.#everyMs, async () => {
      await this.look();
      if (!this.#closed) this.#cancel = this.#next();
    });
  }

  async look(): Promise<void> {
    try {
      await within(this.#clock, LOOK_MS, Promise.all(this.#watched.map((each) => this.#lookAt(each))));
      this.#isAway = false;
    } catch {
      // Whatever it was, nothing is known of the queues, and readiness says so.
      this.#isAway = true;
      // A queue whose first commands failed never works again.
      for (const queue of this.#queues.values()) void queue.close().catch(() => undefined);
      this.#queues.clear();
    }
  }

  #queueOf({ system, open }: Watched): JobQueue {
    const queue = this.#queues.get(system) ?? open();
    this.#queues.set(system, queue);
    return queue;
  }

  async #lookAt(watched: Watched): Promise<void> {
    const { system, worker } = watched;
    const queue = this.#queueOf(watched);
    const [counts, [oldest], restMs, isPaused] = await Promise.all([
      queue.getJobCounts('waiting', 'active', 'delayed', 'failed'),
      queue.getJobs(['waiting'], 0, 0, true),
      queue.getRateLimitTtl(),
      queue.isPaused(),
    ]);
    const { waiting = 0, active = 0, delayed = 0, failed: dead = 0 } = counts;
    const lagMs = oldest === undefined ? 0 : Math.max(0, this.#clock.now() - oldest.timestamp);
    const { taken } = worker.counts;
    const before = this.#seen.get(system);
    const isIdle =
      before !== undefined &&
      before.sample.waiting > 0 &&
      waiting > 0 &&
      before.taken === taken &&
      worker.hasRoom &&
      restMs <= 0 &&
      !isPaused;
    const idle = isIdle ? before.idle + 1 : 0;
    this.#seen.set(system, { sample: { waiting, active, delayed, dead, lagMs }, taken, idle });
    if (idle >= IDLE_LOOKS) worker.renew();
  }
}
