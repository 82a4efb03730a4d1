import { Worker } from 'node:worker_threads';
import { BOUNDS } from '../../lib/bounds.ts';
import { systemClock } from '../../lib/clock.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { CedarSchemaJson } from '../generate-schema.ts';
import type { CheckedStatement } from './check-statements.ts';

/** {@link checkStatements} in a thread of its own, ended after it. Throws POLICY_INVALID where it breaks or takes too long. */
export function checkInWorker(schema: CedarSchemaJson, texts: readonly string[]): Promise<readonly CheckedStatement[]> {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  const worker = new Worker(new URL(`./check-worker${extension}`, import.meta.url), { workerData: { schema, texts } });
  const { promise, resolve, reject } = Promise.withResolvers<readonly CheckedStatement[]>();
  const cancel = systemClock.after(BOUNDS.policyCheckMs, () =>
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
