import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type InRedis, OPENER, Reader, startFactGateway } from '../../bench/enrich/fact-gateway.ts';
import { openSite, TENANT } from '../../bench/enrich/queue-site.ts';
import { WorkerFleet } from '../../bench/enrich/worker-fleet.ts';
import type { Interlock } from '../../src/gate/interlock.ts';
import { parseEvent } from '../../src/workflow/chain.ts';
import { hasRedis, startRedis } from '../support/redis-server.ts';
import { newDirectory } from '../support/test-gateway.ts';

async function redisServer() {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  return { server, redis: { url: server.url, prefix: 'il' } };
}

async function gateway(inRedis: InRedis): Promise<Interlock> {
  const interlock = await startFactGateway(newDirectory(), inRedis);
  onTestFinished(() => interlock.close());
  return interlock;
}

async function startWorkers(count: number, redis: { url: string; prefix: string }): Promise<void> {
  const fleet = await WorkerFleet.start(count, { ...redis, lockMs: 5_000, concurrency: 4, directory: 0 });
  onTestFinished(() => fleet.stop());
}

describe.skipIf(!hasRedis)('with a real Redis', () => {
  test('an action that waits for a fact goes on by itself once a worker of another process has looked it up', async () => {
    const { redis } = await redisServer();
    await startWorkers(1, redis);
    const reader = await Reader.open(await gateway({ log: redis, queue: redis }));
    await expect(reader.read()).resolves.toBeGreaterThan(0);
    await expect(reader.read()).resolves.toBeGreaterThan(0);
  });

  test('of several gateways that hear of the fact, one lets the action go on, once', async () => {
    const { redis } = await redisServer();
    const inRedis = { log: redis, queue: redis };
    const [first, ...others] = [await gateway(inRedis), await gateway(inRedis), await gateway(inRedis)];
    if (first === undefined) throw new Error('there are three');
    const reader = await Reader.open(first);
    const actions = [await reader.ask(), await reader.ask(), await reader.ask()];
    // Now all of them have the workflow in memory.
    for (const other of others) await other.workflow(OPENER, reader.workflow);
    await startWorkers(1, redis);
    await reader.read();
    const site = await openSite(redis);
    onTestFinished(() => site.log.close());
    const decided = async (): Promise<readonly string[]> => {
      const events = (await site.log.read({ tenant: TENANT, workflow: reader.workflow })).map(parseEvent);
      return events.flatMap(({ type, payload }) =>
        type === 'action.decided' && payload.decision === 'allow' ? [payload.action] : [],
      );
    };
    while ((await decided()).length < 4) await pause(20);
    expect((await decided()).toSorted()).toEqual([...actions, 'read-4']);
  });

  test('a decision waits for no queue that hangs or is gone', async () => {
    const { server, redis } = await redisServer();
    const reader = await Reader.open(await gateway({ queue: redis }));
    await server.kill('SIGSTOP');
    await reader.ask();
    await server.kill('SIGCONT');
    await server.kill();
    await reader.ask();
  });
});
