import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { InterlockError } from '../../src/lib/errors.ts';
import { createRedisLog } from '../../src/workflow/redis-log/create-redis-log.ts';
import { hasRedis, type RedisServer, startRedis } from '../support/redis-server.ts';
import { testClock } from '../support/test-clock.ts';
import { DeskSystem } from './desk-connector.ts';
import { type Actor, signalWorld } from './signals-world.ts';

const THREE = {
  policies: `@id("three") @title("Three a day.")
forbid(principal, action == Action::"desk.transfer.create", resource) when { context.signals.sent > 3 };`,
  signals: `sent: { title: transfers, kind: count, scope: tenant, within: 24h, includePresent: true,
  events: { operation: desk.transfer.create } }`,
};
const NINE_READS = {
  policies: `@id("nine") @title("Nine reads a day.")
forbid(principal, action == Action::"desk.document.read", resource) when { context.signals.reads > 9 };`,
  signals: `reads: { title: reads, kind: count, scope: tenant, within: 24h, includePresent: true,
  events: { operation: desk.document.read } }`,
};
const HOUR_MS = 3_600_000;

const send = (actor: Actor) => actor.run('transfer.create', { to: 'x', cents: 1 });
const read = (actor: Actor) => actor.run('document.read', { id: 'd' });

describe.skipIf(!hasRedis)('gateways on one Redis that do not agree', () => {
  let redis: RedisServer;
  let prefix = 'odds0';
  let count = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(() => {
    prefix = `odds${++count}`;
  });
  afterAll(() => redis.stop());

  const log = () => createRedisLog({ url: redis.url, prefix, durability: 'memory' });

  test('a signal counts what a gateway has appended that has other signals', async () => {
    const strict = await signalWorld({ ...THREE, log: await log() });
    const other = await signalWorld({ ...NINE_READS, log: await log() });
    const [here, there] = [await strict.actor(), await other.actor()];
    expect(await read(there)).toMatchObject({ decision: 'allow' });
    expect(await send(here)).toMatchObject({ decision: 'allow' });
    for (let i = 0; i < 2; i += 1) expect(await send(there)).toMatchObject({ decision: 'allow' });
    expect(await send(here)).toMatchObject({ decision: 'deny', code: 'DENIED_BY_POLICY' });
  });

  test('an append whose answer was lost counts in the signals of the gateway that made it', async () => {
    const loses = await log();
    const append = loses.append.bind(loses);
    let isLosing = false;
    loses.append = async (...given) => {
      const appended = await append(...given);
      if (!isLosing) return appended;
      isLosing = false;
      throw new InterlockError('LOG_UNAVAILABLE', 'Redis: it does not answer');
    };
    const system = new DeskSystem();
    const world = await signalWorld({ ...THREE, system, log: loses });
    const actor = await world.actor();
    expect(await send(actor)).toMatchObject({ decision: 'allow' });
    isLosing = true;
    await expect(send(actor)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    expect(system.effects).toHaveLength(1);
    expect(await send(actor)).toMatchObject({ decision: 'allow' });
    expect(await send(actor)).toMatchObject({ decision: 'deny', code: 'DENIED_BY_POLICY' });
  });

  test('what a system goes on with is not called unknown by whoever looked before that was recorded', async () => {
    const clock = testClock();
    const own = await log();
    const system = new DeskSystem();
    const world = await signalWorld({ ...THREE, clock, system, log: own });
    const actor = await world.actor();
    system.fault = () => 'accept';
    expect(await actor.run('transfer.create', { to: 'x', cents: 1 }, 'job')).toMatchObject({
      outcome: { status: 'accepted' },
    });
    const { shared } = own;
    if (shared === undefined) throw new Error('this log is of one process');
    const stream = { tenant: 'acme', workflow: actor.workflow };
    shared.executions = async () => [{ stream, action: 'job', by: 'nobody' }];
    const looked = new Promise<void>((resolve) => {
      shared.claimEnded = async () => {
        resolve();
        return false;
      };
    });
    clock.advance(5_000);
    await looked;
    expect(await world.interlock.action(actor.caller, 'job')).toMatchObject({ outcome: { status: 'accepted' } });
  });

  test('a signal is exact over gateways whose clocks are an hour ahead and an hour behind', async () => {
    const now = Date.UTC(2026, 0, 2, 12);
    const actors: Actor[] = [];
    for (const by of [-HOUR_MS, 0, HOUR_MS]) {
      const clock = testClock(now + by);
      actors.push(await (await signalWorld({ ...THREE, clock, log: await log() })).actor());
    }
    const answers = await Promise.all(Array.from({ length: 4 }, () => actors.map(send)).flat());
    expect(answers.filter(({ decision }) => decision === 'allow')).toHaveLength(3);
  });
});
