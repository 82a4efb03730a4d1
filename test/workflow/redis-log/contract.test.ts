import { afterAll, beforeAll, describe } from 'vitest';
import { createRedisLog } from '../../../src/workflow/redis-log/create-redis-log.ts';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis-server.ts';
import { describeLog } from '../log-suite.ts';

describe.skipIf(!hasRedis)('over a real Redis', () => {
  let redis: RedisServer;
  let logs = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  describeLog(
    'Redis',
    () => createRedisLog({ url: redis.url, prefix: `test${++logs}`, durability: 'memory' }),
    'LOG_LOST',
  );
});
