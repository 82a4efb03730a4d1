import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { StoredEvent } from '../../../src/action/event.ts';
import type { StreamId } from '../../../src/action/log-port.ts';
import { verifyChain } from '../../../src/workflow/chain.ts';
import { createRedisLog } from '../../../src/workflow/redis-log/create-redis-log.ts';
import type { LogArchive } from '../../../src/workflow/redis-log/stored-streams.ts';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis-server.ts';
import { Appender, chain, headOf, NOTHING_OPEN, textOf } from '../chain-fixture.ts';

const ALPHA: StreamId = { tenant: 'acme', workflow: 'wf_alpha' };
const LATER = Date.UTC(2100, 0, 1);

describe.skipIf(!hasRedis)('a dormant workflow in Redis', () => {
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

  /** A log with a ledger that has what it is given, and a workflow of five events there. */
  async function site() {
    const kept: StoredEvent[] = [];
    const archive: LogArchive = {
      head: async () => kept.map(({ seq, hash, at }) => ({ version: seq, hash, at })).at(-1),
      read: async (_stream, after, upTo) => kept.filter(({ seq }) => seq > after && seq <= upTo),
    };
    const prefix = `dormant${++logs}`;
    const open = async (more: { archive?: LogArchive } = { archive }) => {
      const log = await createRedisLog({ url: redis.url, prefix, durability: 'memory', ...more });
      onTestFinished(() => log.close());
      return log;
    };
    const log = await open();
    const appender = new Appender(log, ALPHA);
    await appender.append(['one', 'two', 'three', 'four', 'five']);
    const before = await log.read(ALPHA);
    kept.push(...before);
    const head = before.at(-1);
    if (head === undefined || log.shared === undefined) throw new Error('nothing was appended');
    return { log, shared: log.shared, open, kept, prefix, appender, head: { version: head.seq, hash: head.hash } };
  }

  test('leaves its head and nothing else, is still listed, and reads as before', async () => {
    const { log, shared, head, prefix, kept } = await site();
    const listed = await log.list({ tenant: 'acme' });
    expect(await shared.idle('acme', LATER, 10)).toMatchObject([ALPHA]);
    expect(await shared.sleep(ALPHA, head)).toBe(true);
    expect(await admin.exists(`${prefix}:{acme}:e:wf_alpha`)).toBe(0);
    expect(await shared.idle('acme', LATER, 10)).toEqual([]);
    expect(await log.list({ tenant: 'acme' })).toEqual(listed);
    expect(await log.read(ALPHA)).toEqual(kept);
    expect(await log.read(ALPHA, 3)).toEqual(kept.slice(3));
    expect(await log.read(ALPHA, 5)).toEqual([]);
  });

  test('goes on where it was, for those that have seen it and for those that have not', async () => {
    const { log, shared, head, appender, open } = await site();
    await shared.sleep(ALPHA, head);
    await appender.append(['six']);
    const other = await open();
    const late = await new Appender(other, ALPHA).try(['never']);
    expect(late.status === 'conflict' && late.missed.map(textOf)).toEqual([
      'one',
      'two',
      'three',
      'four',
      'five',
      'six',
    ]);
    const events = await log.read(ALPHA);
    expect(events.map(textOf)).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
    expect(verifyChain(ALPHA, events).ok).toBe(true);
    expect(await shared.idle('acme', LATER, 10)).toMatchObject([{ version: 6 }]);
  });

  test('stays where something is open, where it has moved on, and where it was young', async () => {
    const { shared, head, appender } = await site();
    expect(await shared.idle('acme', 1, 10)).toEqual([]);
    await appender.append(['six'], { open: 1, held: 1 });
    expect(await shared.sleep(ALPHA, head)).toBe(false);
    expect(await shared.idle('acme', LATER, 10)).toEqual([]);
    await appender.append(['seven'], NOTHING_OPEN);
    expect(await shared.sleep(ALPHA, head)).toBe(false);
  });

  test('wakes from its snapshot without asking the ledger', async () => {
    const { log, shared, head, appender, open } = await site();
    await log.keepSnapshot?.(ALPHA, { ...head, bytes: Buffer.from('the view') });
    await shared.sleep(ALPHA, head);
    await appender.append(['six']);
    const alone = await open({});
    const woken = await alone.snapshot?.(ALPHA);
    expect(woken?.kept).toMatchObject({ ...head, bytes: Buffer.from('the view') });
    expect(woken?.after.map(textOf)).toEqual(['six']);
    await expect(alone.read(ALPHA)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  });

  test('has no snapshot of another history', async () => {
    const { log } = await site();
    const [other] = chain(ALPHA, undefined, ['other']);
    if (other === undefined) throw new Error('there is an event');
    await log.keepSnapshot?.(ALPHA, { version: 1, hash: other.hash, bytes: Buffer.from('x') });
    expect(await log.snapshot?.(ALPHA)).toBeUndefined();
  });

  test('is lost where the ledger has another history, or has more than Redis', async () => {
    const { log, shared, head, kept, prefix, open } = await site();
    await shared.sleep(ALPHA, head);
    const lost = { code: 'LOG_LOST' };
    const last = kept.pop();
    await expect(log.read(ALPHA)).rejects.toMatchObject(lost);
    if (last !== undefined) kept.push(last);
    await admin.del(...(await admin.keys(`${prefix}:{acme}*`)));
    await expect((await open()).read(ALPHA)).rejects.toMatchObject(lost);
  });

  test('is lost also where its snapshot was put back together with it, and at everybody who has it in memory', async () => {
    const { log, kept, appender, open } = await site();
    const [third] = kept.slice(2);
    if (third === undefined) throw new Error('there are five');
    await log.keepSnapshot?.(ALPHA, { version: 3, hash: third.hash, bytes: Buffer.from('the view') });
    kept.push(...chain(ALPHA, headOf(kept), ['six']));
    await expect((await open()).snapshot?.(ALPHA)).rejects.toMatchObject({ code: 'LOG_LOST' });
    await expect(appender.append(['other six'])).rejects.toMatchObject({ code: 'LOG_LOST' });
  });

  test('is lost where the ledger has another event at the same place', async () => {
    const { kept, appender, open } = await site();
    kept.push(...chain(ALPHA, headOf(kept), ['six']));
    await appender.append(['other six', 'seven']);
    await expect((await open()).read(ALPHA)).rejects.toMatchObject({ code: 'LOG_LOST' });
  });

  test('is whole where the ledger got more of it while it was asked', async () => {
    const { kept, appender, open } = await site();
    const archive: LogArchive = {
      head: async () => {
        kept.push(...chain(ALPHA, headOf(kept), ['six']));
        await appender.append(['six']);
        return kept.map(({ seq, hash, at }) => ({ version: seq, hash, at })).at(-1);
      },
      read: async () => [],
    };
    expect((await (await open({ archive })).read(ALPHA)).map(textOf)).toEqual(['one', 'two', 'three', 'four', 'five']);
  });
});
