import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe } from 'vitest';
import { BullQueue } from '../../src/enrich/bullmq/bull-queue.ts';
import { startQueueWorker } from '../../src/enrich/bullmq/start-queue-worker.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { hasRedis, type RedisServer, startRedis } from '../support/redis-server.ts';
import { queueSuite } from './queue-suite.ts';

describe.skipIf(!hasRedis)('with a real Redis', () => {
  let server: RedisServer;
  let opened = 0;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.stop());

  queueSuite({
    name: 'look-ups in BullMQ',
    open: async ({ concurrency, work }) => {
      opened += 1;
      const redis = { url: server.url, prefix: `t${opened}` };
      const alarms: string[] = [];
      const alarm = (_: string, { code }: { code: string }): void => void alarms.push(code);
      const common = { redis, clock: systemClock, alarm };
      const queue = new BullQueue({ ...common, systemOf: () => 'files' });
      const systems = ['files'];
      const worker = startQueueWorker({
        ...common,
        systems,
        work,
        concurrency,
        chance: () => 0,
        perSecond: () => 10_000,
      });
      return {
        queue,
        alarms,
        counts: () => ({ ...queue.counts, ...worker.counts }),
        until: async (done) => {
          while (!done()) await pause(5);
        },
        close: async () => {
          await queue.close();
          await worker.close();
        },
      };
    },
  });
});
