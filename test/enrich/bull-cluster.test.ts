import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { BullQueue } from '../../src/enrich/bullmq/bull-queue.ts';
import { connectHasty } from '../../src/enrich/bullmq/connect.ts';
import { DeadLetters } from '../../src/enrich/bullmq/dead-letters.ts';
import { redisFence } from '../../src/enrich/bullmq/fence.ts';
import { startQueueWorker } from '../../src/enrich/bullmq/start-queue-worker.ts';
import { whenReady } from '../../src/enrich/bullmq/when-ready.ts';
import type { EnrichmentJob } from '../../src/enrich/enrichment-queue.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { type RedisCluster, startCluster, until } from '../support/redis-cluster.ts';
import { hasRedis, type RedisServer } from '../support/redis-server.ts';
import { job, queueSuite } from './queue-suite.ts';

describe.skipIf(!hasRedis)('with a real Redis Cluster', () => {
  let servers: RedisCluster;
  let opened = 0;
  beforeAll(async () => {
    servers = await startCluster();
  });
  afterAll(() => servers?.stop());

  const place = () => ({ url: servers.url, cluster: servers.cluster, prefix: `t${++opened}` });
  const rest = { chance: () => 0, perSecond: () => 10_000, clock: systemClock };

  queueSuite({
    name: 'look-ups in BullMQ on a cluster',
    open: async ({ concurrency, work }) => {
      const alarms: string[] = [];
      const alarm = (_: string, { code }: { code: string }): void => void alarms.push(code);
      const common = { ...rest, redis: place(), alarm };
      const queue = new BullQueue({ ...common, systemOf: () => 'files' });
      const worker = startQueueWorker({ ...common, systems: ['files'], work, concurrency });
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

  test('all queues of an installation lie on one node, and those of others elsewhere', async () => {
    const nodes: number[] = [];
    for (const prefix of ['acme', 'globex', 'initech', 'umbrella', 'hooli', 'stark']) {
      const redis = { ...place(), prefix };
      const queue = new BullQueue({ ...rest, redis, systemOf: (fact) => fact, alarm: () => undefined });
      for (const fact of ['one', 'two']) queue.add({ ...job('ada'), fact });
      await until('they are handed over', async () => queue.counts.waiting === 0);
      await queue.close();
      const having = await mastersWith(servers, `{${redis.prefix}:queues}:*`);
      expect(having).toHaveLength(1);
      nodes.push(...having.map(({ port }) => port));
    }
    expect(new Set(nodes).size).toBeGreaterThan(1);
  });

  test('what was given up is listed, looked up again, and discarded', async () => {
    const redis = place();
    const doing = { refuses: true };
    const work = async (): Promise<void> => {
      if (doing.refuses) throw new InterlockError('CREDENTIAL_REFUSED', 'the key has expired');
    };
    const common = { ...rest, redis, alarm: () => undefined };
    const queue = new BullQueue({ ...common, systemOf: () => 'files' });
    const worker = startQueueWorker({ ...common, systems: ['files'], work, concurrency: 1 });
    const letters = await DeadLetters.open({ redis, systems: ['files', 'none'], clock: systemClock });
    onTestFinished(async () => {
      await letters.close();
      await worker.close();
      await queue.close();
    });
    for (const id of ['ada', 'bob']) queue.add(job(id));
    await until('both are given up', async () => (await letters.list()).total === 2);
    doing.refuses = false;
    const ada = (await letters.list()).letters.find(({ subject }) => subject.id === 'ada')?.id ?? '';
    expect(await letters.replay([ada])).toBe(1);
    await until('it is looked up again', async () => worker.counts.done === 1);
    expect(await letters.discard('all')).toBe(1);
    expect((await letters.list()).total).toBe(0);
  });

  test('that is not whole for some seconds, a worker keeps what it has done meanwhile until it can say so', async () => {
    const redis = place();
    const taken: string[] = [];
    const work = async ({ subject }: EnrichmentJob): Promise<void> => {
      taken.push(subject.id);
      await pause(2_500);
    };
    const common = { ...rest, redis, alarm: () => undefined };
    const queue = new BullQueue({ ...common, systemOf: () => 'files' });
    const worker = startQueueWorker({ ...common, systems: ['files'], work, concurrency: 3, lockMs: 10_000 });
    onTestFinished(async () => {
      await worker.close();
      await queue.close();
    });
    for (const id of ['ada', 'bob', 'cyd']) queue.add(job(id));
    await until('they are taken', async () => taken.length === 3);
    const having = await mastersWith(servers, `{${redis.prefix}:queues}:*`);
    // Alone, the node that has the queue refuses to answer, before the look-ups end.
    await servers.noticeAfter(1_000);
    onTestFinished(() => servers.noticeAfter());
    const others = servers.masters.filter((master) => !having.includes(master));
    for (const other of others) await other.kill('SIGSTOP');
    await pause(4_000);
    for (const other of others) await other.kill('SIGCONT');
    await until('they are done', async () => worker.counts.done === 3);
    // Their locks have not ended, and nobody has taken them once more.
    expect(taken).toHaveLength(3);
  });

  test('places among look-ups of one fact grow', async () => {
    const redis = place();
    const connection = connectHasty(redis);
    onTestFinished(() => connection.disconnect());
    await whenReady(connection, systemClock);
    const fence = redisFence(connection, redis);
    const places = [];
    for (let i = 0; i < 5; i += 1)
      places.push(await fence({ tenant: 'acme', workflow: 'w' }, 'fact', { type: 'user', id: 'ada' }));
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
  });
});

/** Masters that have such keys. */
async function mastersWith({ masters }: RedisCluster, pattern: string): Promise<readonly RedisServer[]> {
  const having: RedisServer[] = [];
  for (const master of masters) {
    const node = new Redis(master.url);
    if ((await node.keys(pattern)).length > 0) having.push(master);
    node.disconnect();
  }
  return having;
}
