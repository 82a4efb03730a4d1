import { eraseWorkflow } from '../gate/erasure.ts';
import { BOUNDS } from '../lib/bounds.ts';
import type { Clock } from '../lib/clock.ts';
import { asInterlockError, InterlockError } from '../lib/errors.ts';
import type { Workflows } from '../workflow/workflows.ts';

export interface RetentionParts {
  readonly workflows: Workflows;
  readonly clock: Clock;
  /** Days that payloads are kept after the last event of their workflow. */
  readonly payloadsDays: number;
  readonly alarm: (message: string, error: InterlockError) => void;
}

export interface Retention {
  /** Erases what is too old now; answers how many workflows. */
  run(): Promise<number>;
  /** Workflows erased since the start. */
  readonly erased: number;
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;
/** A start is busy enough without it. */
const FIRST_MS = 60_000;
const EVERY_MS = 3_600_000;
const BY = 'retention';

/** Erases by age, in small batches and with pauses, so that nobody waits for it. What is open stays until it is settled. Throws CONFIG_INVALID. */
export function startRetention({ workflows, clock, payloadsDays, alarm }: RetentionParts): Retention {
  if (workflows.log.erasable === undefined)
    throw new InterlockError('CONFIG_INVALID', 'retention: this log cannot take anything away');
  let closed = false;
  let erased = 0;
  let running: Promise<number> | undefined;
  let cancel: (() => void) | undefined;

  const pause = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));

  const erase = async (tenant: string, workflow: string): Promise<number> => {
    try {
      const reason = `nothing happened for ${payloadsDays} days`;
      await eraseWorkflow({ workflows }, { tenant, id: BY }, workflow, { reason });
      erased += 1;
      return 1;
    } catch (thrown) {
      const error = asInterlockError(thrown);
      // Somebody was faster, or uses it again.
      if (error.code !== 'WORKFLOW_OPEN' && error.code !== 'WORKFLOW_BUSY')
        alarm('a workflow could not be erased', error);
      return 0;
    }
  };

  const eraseAll = async (): Promise<number> => {
    const before = clock.now() - payloadsDays * DAY_MS;
    for (let done = 0; ; ) {
      const batch = (await workflows.log.erasable?.({ before, limit: BOUNDS.erasedAtOnce })) ?? [];
      let progress = 0;
      for (const { tenant, workflow } of batch) {
        if (closed) return done;
        progress += await erase(tenant, workflow);
      }
      done += progress;
      if (batch.length < BOUNDS.erasedAtOnce || progress === 0) return done;
      await pause(BOUNDS.erasurePauseMs);
    }
  };

  const run = (): Promise<number> => {
    running ??= eraseAll().finally(() => {
      running = undefined;
    });
    return running;
  };

  const later = (ms: number): void => {
    cancel = clock.after(ms, () => {
      run()
        .catch((thrown) => alarm('what is too old could not be erased', asInterlockError(thrown)))
        .finally(() => (closed ? undefined : later(EVERY_MS)));
    });
  };
  later(FIRST_MS);

  return {
    run,
    get erased() {
      return erased;
    },
    close: async () => {
      closed = true;
      cancel?.();
      // A pause ends with its clock, which may stand still: only what is being erased is waited for.
      await Promise.race([running?.catch(() => 0), pause(0)]);
    },
  };
}
