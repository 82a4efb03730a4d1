import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { BullQueue } from '../../src/enrich/bullmq/bull-queue.ts';
import { connectHasty } from '../../src/enrich/bullmq/connect.ts';
import { DeadLetters } from '../../src/enrich/bullmq/dead-letters.ts';
import { jobIdOf } from '../../src/enrich/bullmq/job-reference.ts';
import { queueName, queuesPrefix } from '../../src/enrich/bullmq/queue-keys.ts';
import { startQueueWorker } from '../../src/enrich/bullmq/start-queue-worker.ts';
import { whenReady } from '../../src/enrich/bullmq/when-ready.ts';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { hasRedis, type RedisServer, startRedis } from '../support/redis-server.ts';
import { job } from './queue-suite.ts';

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await pause(10);
}

describe.skipIf(!hasRedis)('look-ups that were given up', () => {
  let server: RedisServer;
  let opened = 0;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.stop());

  /** With these given up for the reason that `refuse` has. */
  async function world(ids: readonly string[]) {
    opened += 1;
    const redis = { url: server.url, prefix: `t${opened}` };
    const doing: { refuse: InterlockError | undefined } = {
      refuse: new InterlockError('CREDENTIAL_REFUSED', 'the key of the directory has expired'),
    };
    const common = { redis, clock: systemClock, alarm: () => undefined };
    const queue = new BullQueue({ ...common, systemOf: () => 'files' });
    const ran: string[] = [];
    const work = async ({ subject }: { subject: { id: string } }, since: number | undefined): Promise<void> => {
      ran.push(`${subject.id}${since === undefined ? '' : ' once more'}`);
      if (doing.refuse !== undefined) throw doing.refuse;
    };
    const rest = { concurrency: 1, chance: () => 0, perSecond: () => 10_000, lockMs: 1_000 };
    const worker = startQueueWorker({ ...common, ...rest, systems: ['files'], work });
    const letters = await DeadLetters.open({ redis, systems: ['files', 'none'], clock: systemClock });
    onTestFinished(async () => {
      await letters.close();
      await worker.close();
      await queue.close();
    });
    for (const id of ids) queue.add(job(id));
    await until(async () => (await letters.list()).total === ids.length);
    ran.length = 0;
    return { redis, queue, worker, letters, doing, ran };
  }

  test('say what, why, when and after how many tries, and hold nothing else', async () => {
    const before = Date.now();
    const { letters } = await world(['ada']);
    const { letters: found } = await letters.list();
    expect(found).toEqual([
      {
        id: expect.stringMatching(/^plan-[0-9a-f]{64}$/),
        system: 'files',
        tenant: 'acme',
        workflow: 'wf_1',
        fact: 'filesUserRisk',
        subject: { type: 'user', id: 'ada' },
        anew: false,
        reason: 'CREDENTIAL_REFUSED: the key of the directory has expired',
        attempts: 1,
        at: expect.any(Number),
      },
    ]);
    expect(found[0]?.at).toBeGreaterThanOrEqual(before);
  });

  test('are one for the same fact of the same subject, however often it fails', async () => {
    const { letters, queue, ran } = await world(['ada']);
    for (let times = 1; times <= 3; times++) {
      queue.add(job('ada'));
      await until(() => ran.length === times);
    }
    await until(async () => (await letters.list()).total === 1);
  });

  test('are not looked up twice for one question, however late Redis says whether they were given up before', async () => {
    const { zmscore } = Redis.prototype;
    // In a cluster, a command that was sent first can arrive last.
    vi.spyOn(Redis.prototype, 'zmscore').mockImplementation(async function (this: Redis, ...args) {
      await pause(100);
      return zmscore.apply(this, args);
    });
    onTestFinished(() => void vi.restoreAllMocks());
    const { ran, queue } = await world(['ada', 'bob']);
    await until(() => queue.counts.waiting === 0);
    queue.add(job('cyd'));
    await until(() => ran.includes('cyd'));
    expect(ran).toEqual(['cyd']);
  });

  test('are looked up again, one or all, as if for the first time', async () => {
    const { letters, doing, worker, ran } = await world(['ada', 'bob', 'eve']);
    doing.refuse = undefined;
    const { letters: found } = await letters.list();
    const bob = found.find(({ subject }) => subject.id === 'bob');
    expect(await letters.replay([bob?.id ?? ''])).toBe(1);
    await until(() => worker.counts.done === 1);
    expect(ran).toEqual(['bob']);
    expect(await letters.replay('all')).toBe(2);
    await until(() => worker.counts.done === 3);
    expect(new Set(ran)).toEqual(new Set(['ada', 'bob', 'eve']));
    expect(await letters.list()).toEqual({ total: 0, letters: [] });
  });

  test('are thrown away, one or all; an id that is not there is none', async () => {
    const { letters, ran } = await world(['ada', 'bob', 'eve']);
    expect(await letters.discard(['nobody'])).toBe(0);
    const [first] = (await letters.list()).letters;
    expect(await letters.discard([first?.id ?? ''])).toBe(1);
    expect((await letters.list()).total).toBe(2);
    expect(await letters.discard('all')).toBe(2);
    expect(await letters.list()).toEqual({ total: 0, letters: [] });
    expect(ran).toEqual([]);
  });

  test('are also those whose workers fell silent too often, and these can be looked up again', async () => {
    const { letters, redis, queue, worker, doing, ran } = await world([]);
    await worker.close();
    queue.add(job('ada'));
    await until(() => queue.counts.waiting === 0);
    const client = connectHasty(redis);
    onTestFinished(() => client.disconnect());
    await whenReady(client, systemClock);
    // As BullMQ marks a job whose workers have fallen silent once too often.
    const key = `${queuesPrefix(redis)}:${queueName('files')}:${jobIdOf(job('ada'))}`;
    await client.hset(key, { stc: BOUNDS.enrichmentTakeovers + 1, defa: 'job stalled more than allowable limit' });
    doing.refuse = undefined;
    const rest = { concurrency: 1, chance: () => 0, perSecond: () => 10_000 };
    const common = { redis, clock: systemClock, alarm: () => undefined };
    const work = async ({ subject }: { subject: { id: string } }): Promise<void> => void ran.push(subject.id);
    const second = startQueueWorker({ ...common, ...rest, systems: ['files'], work });
    onTestFinished(() => second.close());
    await until(async () => (await letters.list()).total === 1);
    expect((await letters.list()).letters[0]?.reason).toContain('stalled');
    expect(ran).toEqual([]);
    await letters.replay('all');
    await until(() => ran.length === 1);
  });

  test('cannot be asked for where Redis is away', async () => {
    const redis = { url: 'redis://127.0.0.1:1', prefix: 'il' };
    const opening = DeadLetters.open({ redis, systems: ['files'], clock: systemClock });
    await expect(opening).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  });
});
