import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FACT, PERSON, SYSTEM } from '../../bench/enrich/directory-connector.ts';
import { openSite, openWorkflows, TENANT, workflowName } from '../../bench/enrich/queue-site.ts';
import { WorkerFleet } from '../../bench/enrich/worker-fleet.ts';
import { factKey } from '../../src/action/fact.ts';
import { BullQueue } from '../../src/enrich/bullmq/bull-queue.ts';
import { connectHasty } from '../../src/enrich/bullmq/connect.ts';
import { redisFence } from '../../src/enrich/bullmq/fence.ts';
import { whenReady } from '../../src/enrich/bullmq/when-ready.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { hasRedis, startRedis } from '../support/redis-server.ts';

const HOUR_MS = 3_600_000;
const STREAM = { tenant: TENANT, workflow: workflowName(0) };
const SUBJECT = { type: PERSON, id: 'person-0' } as const;

async function place() {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  return { server, redis: { url: server.url, prefix: 'il' } };
}

/** A directory whose answers the test gives, one by one. */
async function directory() {
  const asked: ((answer: string) => void)[] = [];
  const server = createServer((_request, response) => void asked.push((answer) => response.end(answer)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // Listening on a port, so the address is no path.
  const { port } = server.address() as AddressInfo;
  return { asked, url: `http://127.0.0.1:${port}` };
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await pause(20);
}

describe.skipIf(!hasRedis)('with a real Redis', () => {
  test('a worker that was paused beyond its lock does not overwrite what another has looked up since', async () => {
    const { redis } = await place();
    const { asked, url: address } = await directory();
    const site = await openSite(redis);
    await openWorkflows(site, 1);
    const queue = new BullQueue({ redis, systemOf: () => SYSTEM, clock: systemClock, alarm: () => undefined });
    const settings = { ...redis, lockMs: 1_000, concurrency: 1, directory: address };
    // Its clock is ahead: the time of its look-up alone would make it the newer one.
    const first = await WorkerFleet.start(1, { ...settings, aheadMs: HOUR_MS });
    queue.add({ stream: STREAM, fact: FACT, subject: SUBJECT, anew: true });
    await until(() => asked.length === 1);
    first.signal('SIGSTOP');
    const second = await WorkerFleet.start(1, settings);
    await until(() => asked.length === 2);
    asked[1]?.('new');
    const facts = async (): Promise<number> =>
      (await site.log.read(STREAM)).filter(({ type }) => type === 'fact.observed').length;
    await until(async () => (await facts()) === 1);
    asked[0]?.('old');
    first.signal('SIGCONT');
    await first.stop();
    await second.stop();
    const { view } = await site.workflows.load(STREAM);
    const known = view.facts.get(factKey(FACT, SUBJECT));
    await queue.close();
    await site.log.close();
    expect(known).toMatchObject({ value: 'new' });
    expect(known?.fence).toBeGreaterThan(0);
  });

  test('places among look-ups only grow, over connections and when Redis was emptied, each subject for itself', async () => {
    const { redis } = await place();
    const [one, two] = [connectHasty(redis), connectHasty(redis)];
    onTestFinished(() => [one, two].forEach((each) => void each.disconnect()));
    await Promise.all([whenReady(one, systemClock), whenReady(two, systemClock)]);
    const places: number[] = [];
    for (let n = 0; n < 200; n++) {
      places.push(await redisFence(n % 2 === 0 ? one : two, redis)(STREAM, FACT, SUBJECT));
      if (n % 50 === 25) await one.flushall();
    }
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
    expect(places.every(Number.isSafeInteger)).toBe(true);
    await redisFence(one, redis)({ ...STREAM, tenant: 'other' }, FACT, SUBJECT);
    expect(await one.keys('*fence*')).toHaveLength(2);
  });
});
