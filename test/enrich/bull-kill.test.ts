import { expect, test } from 'vitest';
import { runWithKills } from '../../bench/enrich/kill-run.ts';
import { hasRedis, startRedis } from '../support/redis-server.ts';

test.skipIf(!hasRedis)(
  'each fact is in the log once, and none is lost, while a worker is killed every second',
  async () => {
    const server = await startRedis();
    try {
      const jobs = 2_000;
      const { kills, ...came } = await runWithKills({ url: server.url, prefix: 'il', jobs, killEveryMs: 1_000 });
      expect(came).toMatchObject({ once: jobs, twice: 0, lost: 0, dead: 0 });
      expect(kills).toBeGreaterThan(0);
    } finally {
      await server.stop();
    }
  },
);
