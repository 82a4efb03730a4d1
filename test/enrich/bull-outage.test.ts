import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BullQueue } from '../../src/enrich/bullmq/bull-queue.ts';
import { connectHasty } from '../../src/enrich/bullmq/connect.ts';
import { startQueueWorker } from '../../src/enrich/bullmq/start-queue-worker.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { hasRedis, type RedisOptions, startRedis } from '../support/redis-server.ts';
import { job } from './queue-suite.ts';

async function until(done: () => boolean): Promise<void> {
  while (!done()) await pause(10);
}

async function restartable(options: RedisOptions = {}) {
  let server = await startRedis(options);
  onTestFinished(() => server.stop());
  return {
    redis: { url: server.url, prefix: 'il' },
    kill: (signal?: NodeJS.Signals) => server.kill(signal),
    restart: async () => {
      server = await startRedis({ ...options, port: server.port, directory: server.directory });
    },
    url: server.url,
  };
}

function world(redis: { url: string; prefix: string }) {
  const ran: string[] = [];
  const alarms: string[] = [];
  const alarm = (_: string, { code }: { code: string }): void => void alarms.push(code);
  const common = { redis, clock: systemClock, alarm };
  const doing = { work: async (): Promise<void> => undefined };
  const work = async ({ subject }: { subject: { id: string } }): Promise<void> => {
    ran.push(subject.id);
    await doing.work();
  };
  const queue = new BullQueue({ ...common, systemOf: () => 'files' });
  const startWorker = () => {
    const timing = { lockMs: 1_000, watchMs: 100, perSecond: () => 10_000, concurrency: 4, chance: () => 0 };
    const worker = startQueueWorker({ ...common, ...timing, systems: ['files'], work });
    onTestFinished(() => worker.close(1_000));
    return worker;
  };
  onTestFinished(() => queue.close());
  return { ran, alarms, queue, startWorker, doing };
}

/** Within one turn: adding gives nothing to wait for. */
function addAll(queue: BullQueue, from: number, to: number): void {
  for (let n = from; n < to; n++) expect(queue.add(job(`user-${n}`))).toBeUndefined();
}

describe.skipIf(!hasRedis)('with a real Redis', () => {
  test('that is not there at the start, look-ups wait in memory and are done once it is', async () => {
    const { redis, kill, restart } = await restartable();
    await kill();
    const { queue, ran, alarms, startWorker } = world(redis);
    addAll(queue, 0, 100);
    await until(() => alarms.length === 1);
    expect(queue.counts).toMatchObject({ waiting: 100, dropped: 0 });
    const worker = startWorker();
    await until(() => worker.failure !== undefined);
    expect(worker.failure).toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
    await restart();
    await until(() => worker.counts.done === 100);
    expect(new Set(ran).size).toBe(100);
    await until(() => worker.failure === undefined);
    expect(alarms).toEqual(['QUEUE_UNAVAILABLE']);
  });

  test('that is killed and started again in the middle, all are done', async () => {
    const { redis, kill, restart } = await restartable({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    const { queue, ran, startWorker, doing } = world(redis);
    doing.work = () => pause(5);
    startWorker();
    addAll(queue, 0, 300);
    await until(() => ran.length > 50);
    await kill();
    addAll(queue, 300, 600);
    expect(queue.counts.waiting).toBeGreaterThanOrEqual(300);
    await restart();
    await until(() => new Set(ran).size === 600);
    await until(() => queue.counts.waiting === 0);
  });

  test('that hangs, adding waits for nothing, and all are done once it goes on', async () => {
    const { redis, kill } = await restartable();
    const { queue, ran, startWorker, alarms } = world(redis);
    const worker = startWorker();
    addAll(queue, 0, 1);
    await until(() => worker.counts.done === 1);
    await kill('SIGSTOP');
    addAll(queue, 1, 500);
    await until(() => alarms.length > 0);
    addAll(queue, 500, 1_000);
    expect(queue.counts.waiting).toBe(999);
    await until(() => worker.failure !== undefined);
    await kill('SIGCONT');
    await until(() => new Set(ran).size === 1_000);
    await until(() => worker.failure === undefined);
  });

  test('that is emptied, what was in it is gone, and what is added then is done by the same worker', async () => {
    const { redis } = await restartable();
    const { queue, ran, startWorker, doing } = world(redis);
    const { promise, resolve } = Promise.withResolvers<void>();
    doing.work = () => promise;
    const worker = startWorker();
    addAll(queue, 0, 50);
    await until(() => ran.length === 4 && queue.counts.waiting === 0);
    const connection = connectHasty(redis);
    onTestFinished(() => connection.disconnect());
    await until(() => connection.status === 'ready');
    await connection.flushall();
    resolve();
    addAll(queue, 10, 50);
    await until(() => worker.counts.done === 40);
    expect(new Set(ran).size).toBe(44);
  });

  test('a worker that is told to end lets its jobs end, and one that cannot leaves them to another', async () => {
    const { redis } = await restartable();
    const { queue, ran, startWorker, doing } = world(redis);
    const first = startWorker();
    const { promise, resolve } = Promise.withResolvers<void>();
    doing.work = () => promise;
    addAll(queue, 0, 8);
    await until(() => ran.length === 4);
    const draining = first.close();
    resolve();
    await draining;
    expect(first.counts.done).toBe(4);
    const second = startWorker();
    doing.work = () => new Promise(() => undefined);
    await until(() => ran.length === 8);
    await second.close(100);
    doing.work = async () => undefined;
    const third = startWorker();
    await until(() => third.counts.done === 4);
  });
});
