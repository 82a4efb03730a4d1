import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BullQueue } from '../../src/enrich/bullmq/bull-queue.ts';
import { startQueueWorker } from '../../src/enrich/bullmq/start-queue-worker.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { hasRedis, startRedis } from '../support/redis-server.ts';
import { job } from './queue-suite.ts';

/** Two workers of one system; tells when each job began, by the system's clock. */
async function world({ perSecond }: { perSecond: number }) {
  const server = await startRedis();
  const common = { redis: { url: server.url, prefix: 'il' }, clock: systemClock, alarm: () => undefined };
  const began: number[] = [];
  const doing = { work: async (): Promise<void> => undefined };
  const work = async (): Promise<void> => {
    began.push(performance.now());
    await doing.work();
  };
  const rest = { systems: ['files'], concurrency: 2, chance: () => 0, perSecond: () => perSecond };
  const queue = new BullQueue({ ...common, systemOf: () => 'files' });
  const workers = [1, 2].map(() => startQueueWorker({ ...common, ...rest, work }));
  onTestFinished(async () => {
    await queue.close();
    await Promise.all(workers.map((worker) => worker.close()));
    await server.stop();
  });
  const done = (): number => workers.reduce((sum, { counts }) => sum + counts.done, 0);
  const untilDone = async (count: number): Promise<void> => {
    while (done() < count) await pause(10);
  };
  return { queue, began, doing, untilDone };
}

/** Redis counts its milliseconds, and this process its own. */
const INEXACT_MS = 20;

describe.skipIf(!hasRedis)('with a real Redis', () => {
  test('a system is asked so many times a second, over all workers', async () => {
    const perSecond = 20;
    const { queue, began, untilDone } = await world({ perSecond });
    const jobs = 50;
    for (let n = 0; n < jobs; n++) queue.add(job(`user-${n}`));
    await untilDone(jobs);
    // Of a second that begins with any of them, those after it are in the next at the earliest, but one.
    const tooClose = began.filter(
      (at, n) => (began[n + 2 * perSecond] ?? Number.POSITIVE_INFINITY) - at < 1_000 - INEXACT_MS,
    );
    expect(tooClose).toEqual([]);
    expect((began.at(-1) ?? 0) - (began[0] ?? 0)).toBeGreaterThan(1_000);
  });

  test('a system that says it is asked too often is left alone for as long as it says, by all workers', async () => {
    const { queue, began, doing, untilDone } = await world({ perSecond: 10_000 });
    const retryAfterMs = 1_500;
    doing.work = async () => {
      if (began.length === 1) throw new InterlockError('RATE_LIMITED', 'too many', { data: { retryAfterMs } });
    };
    queue.add(job('first'));
    while (began.length === 0) await pause(1);
    const [refused = 0] = began;
    await pause(50);
    for (let n = 0; n < 10; n++) queue.add(job(`user-${n}`));
    await untilDone(11);
    expect((began[1] ?? 0) - refused).toBeGreaterThan(retryAfterMs - INEXACT_MS);
  });
});
