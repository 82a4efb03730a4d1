import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { LedgerSource } from '../../../src/action/ledger-source.ts';
import { createRedisLog } from '../../../src/workflow/redis-log/create-redis-log.ts';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis-server.ts';
import { Appender } from '../chain-fixture.ts';

describe.skipIf(!hasRedis)('the feed of a Redis log', () => {
  let redis: RedisServer;
  let admin: Redis;
  let logs = 0;
  beforeAll(async () => {
    redis = await startRedis();
    admin = new Redis(redis.url);
  });
  afterAll(async () => {
    admin.disconnect();
    await redis.stop();
  });

  async function twoWorkflows() {
    const prefix = `feed${++logs}`;
    const log = await createRedisLog({ url: redis.url, prefix, durability: 'memory' });
    onTestFinished(() => log.close());
    const source = log.shared?.source;
    if (source === undefined) throw new Error('it is not shared');
    const first = new Appender(log, { tenant: 'acme', workflow: 'f' });
    const second = new Appender(log, { tenant: 'acme', workflow: 'v' });
    await first.append(['one', 'two']);
    await second.append(['one']);
    await first.append(['three']);
    return { prefix, source, first };
  }
  const read = async (source: LedgerSource, after?: string, limit = 100) =>
    (await source.read('acme', after, limit)).entries.map(({ cursor: _, ...entry }) => entry);
  const all = [
    { workflow: 'f', from: 1, to: 2 },
    { workflow: 'v', from: 1, to: 1 },
    { workflow: 'f', from: 3, to: 3 },
  ];

  test('has one entry for each append, in order, and goes on behind a cursor', async () => {
    const { source, first } = await twoWorkflows();
    expect(await source.tenants()).toEqual(['acme']);
    expect(await read(source)).toEqual(all);
    const { entries } = await source.read('acme', undefined, 2);
    expect(await read(source, entries.at(-1)?.cursor)).toEqual(all.slice(2));
    const end = (await source.read('acme', undefined, 100)).entries.at(-1)?.cursor;
    expect(await read(source, end)).toEqual([]);
    await first.append(['four']);
    expect(await read(source, end)).toEqual([{ workflow: 'f', from: 4, to: 4 }]);
  });

  test('tells every workflow anew where entries are gone that nobody has read', async () => {
    const { source, prefix } = await twoWorkflows();
    await admin.xtrim(`${prefix}:{acme}:feed`, 'MAXLEN', 1);
    expect(await read(source)).toEqual([
      { workflow: 'f', from: 3, to: 3 },
      { workflow: 'v', from: 1, to: 1 },
    ]);
    const cursor = (await source.read('acme', undefined, 100)).entries.at(-1)?.cursor;
    expect(await read(source, cursor)).toEqual([]);
  });

  test('tells every workflow anew to who has seen more than there is', async () => {
    const { source } = await twoWorkflows();
    const [cursor = ''] = (await source.read('acme', undefined, 100)).entries.map((entry) => entry.cursor).slice(-1);
    const later = cursor.replace(/3$/, '5');
    const { entries } = await source.read('acme', later, 100);
    expect(new Set(entries.map((entry) => entry.cursor))).toEqual(new Set([cursor]));
    expect(entries.map(({ workflow, to }) => `${workflow} ${to}`).sort()).toEqual(['f 3', 'v 1']);
  });

  test('does not take the numbers of another log for its own', async () => {
    const { source } = await twoWorkflows();
    expect(await read(source, 'ep_another:3')).toEqual(all);
    expect(await read(source, '')).toEqual(all);
  });
});
