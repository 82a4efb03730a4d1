import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { StreamId, WorkflowLog } from '../../../src/action/log-port.ts';
import { createLedgerDrain, type LedgerDrain } from '../../../src/ledger/postgres/ledger-drain.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { InterlockError } from '../../../src/lib/errors.ts';
import { createRedisLog } from '../../../src/workflow/redis-log/create-redis-log.ts';
import { linesOf } from '../../support/lines-of.ts';
import { hasPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis-server.ts';
import { Appender } from '../../workflow/chain-fixture.ts';
import { stream } from '../log-fixture.ts';
import { verifyLedger, withLedger } from './ledger-fixture.ts';

const STREAMS = Array.from({ length: 12 }, (_, i) => stream(`wf_${i % 8}`, i < 8 ? 'acme' : 'globex'));

describe.skipIf(!hasPostgres || !hasRedis)('The ledger of a log in Redis', () => {
  let postgres: PostgresServer;
  let redis: RedisServer;
  let made = 0;
  beforeAll(async () => {
    postgres = await startPostgres();
    redis = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
  });
  afterAll(async () => {
    await redis.stop();
    await postgres.stop();
  });

  async function setting(drainers: number) {
    const name = `redis_${++made}`;
    const url = await postgres.database(name);
    const log = await createRedisLog({ url: redis.url, prefix: name, durability: 'memory' });
    const alarms: InterlockError[] = [];
    const drains = await Promise.all(Array.from({ length: drainers }, () => drainOf(log, url, alarms)));
    onTestFinished(async () => {
      await Promise.all(drains.map((drain) => drain.close()));
      await log.close();
    });
    return { name, url, log, alarms, drains };
  }

  it('has all that several gateways appended, each event once, while several drain it', async () => {
    const { name, url, log, alarms, drains } = await setting(3);
    const other = await createRedisLog({ url: redis.url, prefix: name, durability: 'memory' });
    for (const drain of drains) drain.start();
    const appending = [log, other].flatMap((each) => STREAMS.map((id) => appendTo(each, id, 25)));
    await Promise.all(appending);
    for (const drain of drains) while (await drain.pass());
    await isAsIn(log, url);
    expect(alarms).toEqual([]);
    expect(await verifyLedger(url)).toMatchObject({ streams: 12, events: 12 * 50, findings: [] });
    await other.close();
  });

  it('has also what the feed has let go of before it was drained', async () => {
    const { name, url, log, alarms, drains } = await setting(1);
    for (const id of STREAMS) await appendTo(log, id, 10);
    await withRedis((admin) => admin.xtrim(`${name}:{acme}:feed`, 'MAXLEN', 5));
    for (const drain of drains) while (await drain.pass());
    for (const id of STREAMS) await appendTo(log, id, 3);
    for (const drain of drains) while (await drain.pass());
    await isAsIn(log, url);
    expect(alarms).toEqual([]);
  });

  it('goes on where it was when Redis was killed and is back', async () => {
    const { url, log, alarms, drains } = await setting(1);
    const [drain] = drains;
    for (const id of STREAMS) await appendTo(log, id, 5);
    drain?.start();
    await expect.poll(() => drain?.status().events, { timeout: 30_000 }).toBe(60);
    await redis.kill();
    await expect.poll(() => drain?.failure()?.code, { timeout: 30_000 }).toBe('LOG_UNAVAILABLE');
    redis = await startRedis({
      args: ['--appendonly', 'yes', '--appendfsync', 'always'],
      directory: redis.directory,
      port: redis.port,
    });
    await expect.poll(() => log.failure?.(), { timeout: 30_000 }).toBeUndefined();
    for (const id of STREAMS) await appendTo(log, id, 5);
    await expect.poll(() => drain?.status(), { timeout: 30_000 }).toMatchObject({ events: 120, lagMs: 0 });
    await isAsIn(log, url);
    expect(alarms).toEqual([]);
  });

  it('keeps what a Redis that was put back has lost, alarms, and takes no other history', async () => {
    const { name, url, log, alarms, drains } = await setting(1);
    for (const id of STREAMS) await appendTo(log, id, 4);
    const before = await withRedis((admin) => dump(admin, name));
    await appendTo(log, stream('wf_3'), 2);
    await appendTo(log, stream('wf_new'), 1);
    for (const drain of drains) while (await drain.pass());
    await withRedis((admin) => restore(admin, before));
    for (const drain of drains) while (await drain.pass());
    expect(alarms).toMatchObject([{ code: 'LOG_BROKEN', data: { tenant: 'acme', workflow: 'wf_3', seq: 5 } }]);
    expect(await withLedger(url, (reader) => linesOf(reader.events(stream('wf_3'))))).toHaveLength(6);
    expect(await withLedger(url, (reader) => linesOf(reader.events(stream('wf_new'))))).toHaveLength(1);
    expect((await verifyLedger(url)).findings).toEqual([]);
    // Nothing is decided any more on what is left of it, and the others go on.
    await expect(appendTo(log, stream('wf_3'), 1)).rejects.toMatchObject({ code: 'LOG_LOST' });
    await appendTo(log, stream('wf_4'), 1);
  });

  function drainOf(log: WorkflowLog, url: string, alarms: InterlockError[]): Promise<LedgerDrain> {
    const { shared } = log;
    if (shared === undefined) throw new Error('It is not shared.');
    const { source } = shared;
    const onRefused = (alarm: InterlockError): void => void alarms.push(alarm);
    const onLost = (id: StreamId, why: string): Promise<void> => shared.lose(id, why);
    return createLedgerDrain({ postgres: { url }, source, log, clock: systemClock, everyMs: 10, onRefused, onLost });
  }

  async function withRedis<T>(use: (admin: Redis) => Promise<T>): Promise<T> {
    const admin = new Redis(redis.url);
    try {
      return await use(admin);
    } finally {
      admin.disconnect();
    }
  }
});

let texts = 0;

/** No two events alike: the same again would be taken for one whose answer was lost. */
async function appendTo(log: WorkflowLog, id: ReturnType<typeof stream>, count: number): Promise<void> {
  const appender = new Appender(log, id);
  for (let n = 0; n < count; n++) await appender.append([`${++texts}`]);
}

/** Every stream that the log has is in the ledger, event for event. */
async function isAsIn(log: WorkflowLog, url: string): Promise<void> {
  await withLedger(url, async (reader) => {
    for (const id of STREAMS) expect(await linesOf(reader.events(id))).toEqual(await log.read(id));
  });
}

type Dump = readonly (readonly [key: string, value: Buffer])[];

async function dump(admin: Redis, prefix: string): Promise<Dump> {
  const keys = await admin.keys(`${prefix}:{*`);
  return Promise.all(keys.map(async (key) => [key, (await admin.dumpBuffer(key)) ?? Buffer.alloc(0)] as const));
}

/** Puts a tenant's keys back as they were; what came since is gone. */
async function restore(admin: Redis, kept: Dump): Promise<void> {
  const known = new Set(kept.map(([key]) => key));
  const prefix = kept[0]?.[0].split(':')[0] ?? '';
  for (const key of await admin.keys(`${prefix}:{*`)) if (!known.has(key)) await admin.del(key);
  for (const [key, value] of kept) await admin.restore(key, 0, value, 'REPLACE');
}
