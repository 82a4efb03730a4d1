import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createRedisLog } from '../../src/workflow/redis-log/create-redis-log.ts';
import { NoteSystem } from '../support/notes-connector.ts';
import { type RedisCluster, startCluster } from '../support/redis-cluster.ts';
import { hasRedis } from '../support/redis-server.ts';
import { OPENER, operator, type TestGateway, testGateway } from '../support/test-gateway.ts';
import { DeskSystem } from './desk-connector.ts';
import { type SignalWorld, signalWorld } from './signals-world.ts';

/** With slots on all three nodes. */
const TENANTS = ['acme', 'globex', 'initech', 'umbrella'];
const write = (id: string) => ({ operation: 'notes.note.write', input: { id, text: 'x' } });
const THREE = {
  policies: `@id("three") @title("Three a day.")
forbid(principal, action == Action::"desk.transfer.create", resource) when { context.signals.sent > 3 };`,
  signals: `sent: { title: transfers, kind: count, scope: tenant, within: 24h, includePresent: true,
  events: { operation: desk.transfer.create } }`,
};

describe.skipIf(!hasRedis)('several gateways on one Redis Cluster', () => {
  let servers: RedisCluster;
  let prefix = 'many0';
  let count = 0;
  beforeAll(async () => {
    servers = await startCluster();
  });
  beforeEach(() => {
    prefix = `many${++count}`;
  });
  afterAll(() => servers.stop());

  async function log() {
    const opened = await createRedisLog({ ...servers, prefix, durability: 'memory' });
    onTestFinished(() => opened.close());
    return opened;
  }
  async function gateways(howMany: number): Promise<readonly TestGateway[]> {
    const system = new NoteSystem();
    const started: TestGateway[] = [];
    while (started.length < howMany) started.push(await testGateway({ system, log: await log() }));
    return started;
  }

  test('a budget of five is five in each tenant, for 50 actions at once through four gateways', async () => {
    const all = await gateways(4);
    const callers = await Promise.all(TENANTS.map((tenant) => agentIn(at(all, 0), tenant, { limits: { create: 5 } })));
    const answers = await Promise.all(
      callers.map((caller, tenant) =>
        Promise.all(
          Array.from({ length: 50 }, (_, i) =>
            at(all, i).interlock.run(caller, { id: `w${i}`, ...write(`${tenant}-${i}`) }),
          ),
        ),
      ),
    );
    for (const own of answers) {
      expect(own.filter(({ decision }) => decision === 'allow')).toHaveLength(5);
      expect(new Set(own.filter(({ decision }) => decision === 'deny').map(({ code }) => code))).toEqual(
        new Set(['LIMIT_REACHED']),
      );
    }
    expect(at(all, 0).system.effects).toHaveLength(5 * TENANTS.length);
  });

  test('what is frozen at one is denied at the next decision of another, in that tenant alone', async () => {
    const all = await gateways(2);
    const callers = await Promise.all(TENANTS.map((tenant) => agentIn(at(all, 0), tenant)));
    const decisions = (id: string) =>
      Promise.all(callers.map(async (caller) => (await at(all, 1).interlock.run(caller, write(id))).decision));
    expect(await decisions('before')).toEqual(['allow', 'allow', 'allow', 'allow']);
    await at(all, 0).interlock.setFreeze(
      { ...operator('admin'), tenant: 'initech' },
      { scope: { kind: 'system', id: 'notes' }, frozen: true, reason: 'test' },
    );
    expect(await decisions('after')).toEqual(['allow', 'allow', 'deny', 'allow']);
  });

  test('a signal as wide as a tenant is exact in each, over four gateways and as many workflows', async () => {
    const system = new DeskSystem();
    const worlds: SignalWorld[] = [];
    while (worlds.length < 4) worlds.push(await signalWorld({ ...THREE, system, log: await log() }));
    for (const tenant of TENANTS) {
      const callers = await Promise.all(worlds.map((world) => agentIn(world, tenant)));
      const transfer = { operation: 'desk.transfer.create', input: { to: 'x', cents: 1 } };
      const answers = await Promise.all(
        Array.from({ length: 24 }, (_, i) => at(worlds, i).interlock.run(at(callers, i), transfer)),
      );
      expect(answers.filter(({ decision }) => decision === 'allow')).toHaveLength(3);
      expect(new Set(answers.map(({ code }) => code ?? 'none'))).not.toContain('LOG_UNAVAILABLE');
    }
    expect(system.effects).toHaveLength(3 * TENANTS.length);
  });
});

function at<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length];
  if (found === undefined) throw new Error('there is none');
  return found;
}

type Request = Partial<Parameters<TestGateway['interlock']['open']>[1]>;

async function agentIn({ interlock }: Pick<TestGateway, 'interlock'>, tenant: string, request: Request = {}) {
  const opener = { ...OPENER, tenant };
  const { id } = await interlock.open(opener, { onBehalfOf: { id: 'ada' }, ...request });
  const { token } = await interlock.openSession(opener, id, { agent: 'helper' });
  return interlock.authenticate(token);
}
