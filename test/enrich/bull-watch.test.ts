import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { connectHasty } from '../../src/enrich/bullmq/connect.ts';
import { openQueue } from '../../src/enrich/bullmq/open-queue.ts';
import { whenReady } from '../../src/enrich/bullmq/when-ready.ts';
import { workerMetrics } from '../../src/enrich/bullmq/worker-metrics.ts';
import { WorkerWatch } from '../../src/enrich/bullmq/worker-watch.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { hasRedis, type RedisServer, startRedis } from '../support/redis-server.ts';
import { testClock } from '../support/test-clock.ts';

const HOUR_MS = 3_600_000;

describe.skipIf(!hasRedis)('the watch of a worker', () => {
  let server: RedisServer;
  let opened = 0;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.stop());

  /** A queue in which a job waits, and a worker of which nothing is known but its counts. */
  async function world() {
    opened += 1;
    const place = { url: server.url, prefix: `t${opened}` };
    const redis = connectHasty(place);
    await whenReady(redis, systemClock);
    const queue = openQueue(redis, place, 'files');
    const clock = testClock();
    const subject = { type: 'user', id: 'ada' } as const;
    const data = { tenant: 'acme', workflow: 'wf_1', fact: 'filesUserRisk', subject, anew: false };
    await queue.add('filesUserRisk', data, { timestamp: clock.now() });
    const worker = {
      counts: { taken: 0, done: 0, failed: 0 },
      hasRoom: true,
      renewals: 0,
      renew: () => void worker.renewals++,
    };
    const open = () => openQueue(redis, place, 'files');
    const watch = new WorkerWatch({ clock, everyMs: HOUR_MS, watched: [{ system: 'files', open, worker }] });
    onTestFinished(async () => {
      watch.close();
      await queue.close();
      redis.disconnect();
    });
    return { watch, worker, queue, clock, redis };
  }

  test('finds a worker that takes nothing although jobs wait, and has it renewed', async () => {
    const { watch, worker, clock } = await world();
    await watch.look();
    await watch.look();
    expect(watch.failure).toBeUndefined();
    clock.advance(3_000);
    await watch.look();
    expect(watch.failure).toMatchObject({ code: 'QUEUE_UNAVAILABLE', message: expect.stringContaining('files') });
    expect(worker.renewals).toBe(1);
    expect(watch.samples).toEqual([
      { system: 'files', waiting: 1, active: 0, delayed: 0, dead: 0, lagMs: expect.any(Number) },
    ]);
    expect(watch.samples[0]?.lagMs).toBeGreaterThanOrEqual(3_000);
    worker.counts = { ...worker.counts, taken: 1 };
    await watch.look();
    expect(watch.failure).toBeUndefined();
  });

  test.each([
    {
      why: 'it takes jobs',
      before: async ({ worker }: Awaited<ReturnType<typeof world>>) => {
        worker.counts = { ...worker.counts, taken: worker.counts.taken + 1 };
      },
    },
    {
      why: 'it has no room',
      before: async ({ worker }: Awaited<ReturnType<typeof world>>) => {
        worker.hasRoom = false;
      },
    },
    {
      why: 'an operator has paused the queue',
      before: ({ queue }: Awaited<ReturnType<typeof world>>) => queue.pause(),
    },
    {
      why: 'the system limits the rate',
      before: ({ queue }: Awaited<ReturnType<typeof world>>) => queue.rateLimit(60_000),
    },
    {
      why: 'nothing waits',
      before: ({ queue }: Awaited<ReturnType<typeof world>>) => queue.drain(),
    },
  ])('finds nothing wrong where $why', async ({ before }) => {
    const all = await world();
    for (let looks = 0; looks < 5; looks++) {
      await before(all);
      await all.watch.look();
    }
    expect(all.watch.failure).toBeUndefined();
    expect(all.worker.renewals).toBe(0);
  });

  test('knows nothing of queues that do not answer, and says so until they do', async () => {
    const { watch, redis } = await world();
    redis.disconnect();
    await once(redis, 'end');
    await watch.look();
    expect(watch.failure).toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
    await redis.connect();
    await watch.look();
    expect(watch.failure).toBeUndefined();
  });
});

test('metrics name systems, states and outcomes, and nobody', () => {
  const sample = { system: 'files', waiting: 3, active: 1, delayed: 0, dead: 2, lagMs: 1_500 };
  const metrics = workerMetrics({ counts: { done: 5, failed: 1 }, queues: [sample] });
  expect(metrics.map(({ name, samples }) => ({ name, values: samples.map(({ value }) => value) }))).toEqual([
    { name: 'interlock_enrichment_jobs_total', values: [5, 1] },
    { name: 'interlock_enrichment_queue_jobs', values: [3, 1, 0, 2] },
    { name: 'interlock_enrichment_lag_seconds', values: [1.5] },
  ]);
});
