import { Worker } from 'node:worker_threads';
import { BOUNDS } from '../../lib/bounds.ts';
import { type Clock, systemClock } from '../../lib/clock.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { PolicyFile } from '../checked-policy.ts';
import type { CedarSchemaJson } from '../generate-schema.ts';
import type { PolicyProblem } from '../split-policies.ts';

interface Work {
  readonly schema: CedarSchemaJson;
  readonly files: readonly PolicyFile[];
}

export interface CheckAnswer {
  readonly problems: readonly PolicyProblem[];
  /** The policies without problems, as `decodePolicies` reads them. */
  readonly text: string;
}

/** What one check may use; past it the set is refused. */
export interface CheckLimits {
  readonly clock: Clock;
  readonly heapMegabytes: number;
}

const LIMITS: CheckLimits = { clock: systemClock, heapMegabytes: BOUNDS.policyCheckHeapMegabytes };

/**
 * {@link checkFiles} in a thread of its own, ended after it: nothing else waits for a large or hostile set. Throws
 * POLICY_INVALID where the thread breaks, runs out of memory or takes too long.
 */
export function checkInWorker(work: Work, { clock, heapMegabytes }: CheckLimits = LIMITS): Promise<CheckAnswer> {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  const worker = new Worker(new URL(`./check-worker${extension}`, import.meta.url), {
    name: 'policy-check',
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
  const { promise, resolve, reject } = Promise.withResolvers<CheckAnswer>();
  const cancel = clock.after(BOUNDS.policyCheckMs, () =>
    reject(new InterlockError('POLICY_INVALID', `checking took more than ${BOUNDS.policyCheckMs} ms`)),
  );
  worker.once('message', resolve);
  worker.once('error', (cause) =>
    reject(
      new InterlockError(
        'POLICY_INVALID',
        `the policies could not be checked: ${cause instanceof Error ? cause.message : ''}`,
        { cause },
      ),
    ),
  );
  worker.once('exit', () => reject(new InterlockError('POLICY_INVALID', 'the check ended without an answer')));
  return promise.finally(() => {
    cancel();
    return worker.terminate();
  });
}
