import { afterAll, beforeAll, describe } from 'vitest';
import { createRedisLog } from '../../../src/workflow/redis-log/create-redis-log.ts';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis-server.ts';
import { describeErasure } from '../erasure-suite.ts';
import { describeLog } from '../log-suite.ts';

describe.skipIf(!hasRedis)('over a real Redis', () => {
  let redis: RedisServer;
  let logs = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  const create = () => createRedisLog({ url: redis.url, prefix: `test${++logs}`, durability: 'memory' });
  describeLog('Redis', create, 'LOG_LOST');
  describeErasure('Redis', create);
});
