import { BOUNDS } from '../../lib/bounds.ts';
import type { Clock } from '../../lib/clock.ts';
import type { InterlockError } from '../../lib/errors.ts';
import { BullWorker, type BullWorkerParts } from './bull-worker.ts';
import { connectHasty, connectPatient } from './connect.ts';
import { type JobQueue, openQueue } from './open-queue.ts';
import { within } from './within.ts';
import { type QueueSample, WorkerWatch } from './worker-watch.ts';

export interface QueueWorkerParts extends Pick<BullWorkerParts, 'redis' | 'work' | 'chance' | 'alarm' | 'concurrency'> {
  readonly systems: readonly string[];
  readonly clock: Clock;
  /** Look-ups a second, over all workers. */
  readonly perSecond?: ((system: string) => number | undefined) | undefined;
  /** Milliseconds after which a job whose worker fell silent is another's. */
  readonly lockMs?: number | undefined;
  /** Milliseconds between two looks at the queues. */
  readonly watchMs?: number | undefined;
}

export interface QueueWorker {
  /** Of this process. */
  readonly counts: { readonly done: number; readonly failed: number };
  /** The queues as they were last looked at, over all processes. */
  readonly queues: readonly (QueueSample & { readonly system: string })[];
  /** QUEUE_UNAVAILABLE where Redis is away or jobs stand still; for readiness. */
  readonly failure: InterlockError | undefined;
  /**
   * Takes no more jobs and lets those that run end. Where some do not within `drainMs`, `giveUp` is to end them; they are
   * tried again, if need be by another worker once their locks end.
   */
  close(drainMs?: number, giveUp?: () => void): Promise<void>;
}

const LOCK_MS = 30_000;
const WATCH_MS = 15_000;
/** As long as one look-up may take, and its commit. */
const DRAIN_MS = BOUNDS.enrichmentMs + 5_000;
const GIVE_BACK_MS = 2_000;

/** Works off the queues of systems. What is looked up, and where it goes, is `work`'s. */
export function startQueueWorker(parts: QueueWorkerParts): QueueWorker {
  const { redis, systems, clock, lockMs = LOCK_MS, perSecond, watchMs: everyMs = WATCH_MS } = parts;
  const connection = connectPatient(redis);
  const watching = connectHasty(redis);
  const watched = systems.map((system) => {
    const own = { connection, system, lockMs, perSecond: perSecond?.(system) ?? BOUNDS.enrichmentPerSecond };
    const open = (): JobQueue => openQueue(watching, redis, system);
    return { system, open, worker: new BullWorker({ ...parts, ...own }) };
  });
  const watch = new WorkerWatch({ clock, everyMs, watched });
  const sum = (count: 'done' | 'failed'): number =>
    watched.reduce((total, { worker }) => total + worker.counts[count], 0);
  return {
    get counts() {
      return { done: sum('done'), failed: sum('failed') };
    },
    get queues() {
      return watch.samples;
    },
    get failure() {
      return watch.failure;
    },
    async close(drainMs = DRAIN_MS, giveUp) {
      watch.close();
      const drained = Promise.all(watched.map(({ worker }) => worker.close()));
      if (!(await endsWithin(clock, drainMs, drained))) {
        giveUp?.();
        await endsWithin(clock, GIVE_BACK_MS, drained);
      }
      connection.disconnect();
      watching.disconnect();
    },
  };
}

async function endsWithin(clock: Clock, ms: number, doing: Promise<unknown>): Promise<boolean> {
  try {
    await within(clock, ms, doing);
    return true;
  } catch {
    // Late or failed: what is left has no lock for long, and another worker takes it over.
    return false;
  }
}
