import { describe, expect, onTestFinished, test } from 'vitest';
import { createRedisLog } from '../../../src/workflow/redis-log/create-redis-log.ts';
import { layWire } from '../../faults/wire.ts';
import { hasRedis, startRedis } from '../../support/redis-server.ts';
import { Appender } from '../chain-fixture.ts';

const ALPHA = { tenant: 'acme', workflow: 'wf_alpha' };

describe.skipIf(!hasRedis)('a connection to Redis on which packets vanish', () => {
  test('is given up for another one, and nothing is appended twice', async () => {
    const redis = await startRedis();
    const wire = await layWire(redis.port);
    const url = `redis://127.0.0.1:${wire.port}`;
    const log = await createRedisLog({ url, prefix: 'silent', durability: 'memory' });
    onTestFinished(async () => {
      await log.close();
      await wire.close();
      await redis.stop();
    });
    const appender = new Appender(log, ALPHA);
    await appender.append(['one']);
    wire.silence();
    const again = () =>
      appender.append(['two']).then(
        () => 'appended',
        (thrown) => String(thrown.code),
      );
    await expect.poll(again, { timeout: 20_000 }).toBe('appended');
    expect(await log.read(ALPHA)).toHaveLength(2);
  });
});
