import { describe, expect, onTestFinished, test } from 'vitest';
import { Reader, startFactGateway } from '../../bench/enrich/fact-gateway.ts';
import { WorkerFleet } from '../../bench/enrich/worker-fleet.ts';
import { hasRedis, startRedis } from '../support/redis-server.ts';
import { newDirectory } from '../support/test-gateway.ts';

async function world({ workers }: { workers: number }) {
  const server = await startRedis();
  const redis = { url: server.url, prefix: 'il' };
  const interlock = await startFactGateway(newDirectory(), redis);
  const fleet = await WorkerFleet.start(workers, { ...redis, lockMs: 5_000, concurrency: 4, directory: 0 });
  onTestFinished(async () => {
    await interlock.close();
    await fleet.stop();
    await server.stop();
  });
  return { server, interlock };
}

describe.skipIf(!hasRedis)('with a real Redis', () => {
  test('an action that waits for a fact goes on by itself once a worker of another process has looked it up', async () => {
    const { interlock } = await world({ workers: 1 });
    const reader = await Reader.open(interlock);
    await expect(reader.read()).resolves.toBeGreaterThan(0);
    await expect(reader.read()).resolves.toBeGreaterThan(0);
  });
});
