import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { NewEvent } from '../../../src/action/event.ts';
import type { StreamId } from '../../../src/action/log-port.ts';
import { chainEvents } from '../../../src/workflow/chain.ts';
import { createRedisLog } from '../../../src/workflow/redis-log/create-redis-log.ts';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis-server.ts';
import { Appender, headOf, NOTHING_OPEN, T0 } from '../chain-fixture.ts';

const ERASED: NewEvent = { type: 'payloads.erased', payload: { from: 1, to: 2, by: 'admin', reason: 'test' } };
const LATER = T0 + 1_000;

describe.skipIf(!hasRedis)('workflows in Redis that nobody uses', () => {
  let redis: RedisServer;
  let logs = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  async function open(prefix = `idle${++logs}`) {
    const log = await createRedisLog({ url: redis.url, prefix, durability: 'memory' });
    onTestFinished(() => log.close());
    const erase = async (stream: StreamId) => {
      const before = await log.read(stream);
      const head = headOf(before);
      const events = chainEvents({ stream, head, events: [ERASED], now: T0, salt: () => 'salt' });
      return log.append(stream, before.length, events, NOTHING_OPEN);
    };
    return { log, erase, prefix };
  }
  const named = (index: number): StreamId => ({ tenant: 'acme', workflow: `wf_${index}` });

  test.each(['open', 'erased'])('are found behind any number of older ones that are %s', async (how) => {
    const { log, erase } = await open();
    const old = Array.from({ length: 600 }, (_, index) => named(index));
    const summary = how === 'open' ? { open: 1, held: 0 } : NOTHING_OPEN;
    await Promise.all(old.map((stream) => new Appender(log, stream).append(['one', 'two'], summary)));
    if (how === 'erased') await Promise.all(old.map(erase));
    await new Appender(log, named(1_000)).append(['young'], NOTHING_OPEN, T0 + 1);
    expect(await log.erasable?.({ before: LATER, limit: 10 })).toMatchObject([named(1_000)]);
    if (how === 'open') expect(await log.shared?.idle('acme', LATER, 10)).toMatchObject([named(1_000)]);
  });

  test('can be erased while another process lets them sleep', async () => {
    const { log, erase, prefix } = await open();
    const other = await open(prefix);
    const slept: boolean[] = [];
    for (let index = 0; index < 80; index += 1) {
      const appender = new Appender(log, named(index));
      await appender.append(['one', 'two']);
      const { head } = appender;
      if (head === undefined) throw new Error('nothing was appended');
      const sleeping = async () => {
        for (let turns = index % 8; turns > 0; turns -= 1) await new Promise(setImmediate);
        slept.push((await other.log.shared?.sleep(named(index), head)) === true);
      };
      const [erased] = await Promise.all([erase(named(index)), sleeping()]);
      expect(erased).toMatchObject({ status: 'appended' });
    }
    expect(slept).toContain(true);
  });
});
