import { Cluster, Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createRedisLog } from '../../../src/workflow/redis-log/create-redis-log.ts';
import { type RedisCluster, startCluster } from '../../support/redis-cluster.ts';
import { hasRedis } from '../../support/redis-server.ts';
import { Appender } from '../chain-fixture.ts';
import { describeErasure } from '../erasure-suite.ts';
import { describeLog } from '../log-suite.ts';

const TENANTS = ['acme', 'globex', 'initech', 'umbrella', 'hooli', 'stark'];

describe.skipIf(!hasRedis)('over a real Redis Cluster', () => {
  let servers: RedisCluster;
  let admin: Cluster;
  let logs = 0;
  beforeAll(async () => {
    servers = await startCluster();
    admin = new Cluster([servers.url]);
  });
  afterAll(async () => {
    admin.disconnect();
    await servers.stop();
  });

  const create = (prefix = `test${++logs}`) => createRedisLog({ ...servers, prefix, durability: 'memory' });
  describeLog('Redis Cluster', () => create(), 'LOG_LOST');
  describeErasure('Redis Cluster', () => create());

  test('tenants lie on different nodes, each whole on one of them', async () => {
    const log = await create('apart');
    onTestFinished(() => log.close());
    for (const tenant of TENANTS)
      for (const workflow of ['one', 'two']) await new Appender(log, { tenant, workflow }).append(['a', 'b']);
    const found = new Map<string, Set<number>>();
    for (const { url, port } of servers.masters) {
      const node = new Redis(url);
      for (const key of await node.keys('apart:{*')) {
        const tenant = /\{(.*)\}/.exec(key)?.[1] ?? '';
        found.set(tenant, (found.get(tenant) ?? new Set()).add(port));
      }
      node.disconnect();
    }
    expect([...found.keys()].sort()).toEqual([...TENANTS].sort());
    expect([...found.values()].map(({ size }) => size)).toEqual(TENANTS.map(() => 1));
    expect(new Set([...found.values()].flatMap((each) => [...each])).size).toBe(3);
    expect(await log.list({})).toHaveLength(2 * TENANTS.length);
    expect((await log.shared?.source.tenants())?.toSorted()).toEqual([...TENANTS].sort());
  });

  test('keys of two tenants in one command are refused, keys of one are not', async () => {
    const two = ['x:{acme}:a', 'x:{globex}:a'];
    await expect(admin.mget(...two)).rejects.toThrow(/CROSSSLOT/);
    await expect(admin.eval('return 1', 2, ...two)).rejects.toThrow(/CROSSSLOT/);
    await expect(admin.mget('x:{acme}:a', 'x:{acme}:b')).resolves.toEqual([null, null]);
  });

  test('a log tells the others of what it appends, whichever node it is on', async () => {
    const [one, other] = [await create('told'), await create('told')];
    onTestFinished(async () => {
      await one.close();
      await other.close();
    });
    const heard = new Set<string>();
    const all = Promise.withResolvers<void>();
    other.shared?.onMoved(({ tenant }) => {
      heard.add(tenant);
      if (heard.size === TENANTS.length) all.resolve();
    });
    for (const tenant of TENANTS) await new Appender(one, { tenant, workflow: 'w' }).append(['a']);
    await all.promise;
    expect([...heard].sort()).toEqual([...TENANTS].sort());
  });

  test('scripts that the nodes have forgotten are sent again', async () => {
    const log = await create('forgot');
    onTestFinished(() => log.close());
    const streams = TENANTS.map((tenant) => new Appender(log, { tenant, workflow: 'w' }));
    for (const each of streams) await each.append(['a']);
    for (const { url } of servers.masters) {
      const node = new Redis(url);
      await node.script('FLUSH');
      node.disconnect();
    }
    for (const each of streams) await each.append(['b']);
    expect(await log.read({ tenant: 'stark', workflow: 'w' })).toHaveLength(2);
  });

  test('one node that may throw keys away is enough to refuse the cluster', async () => {
    const { url = '', port } = servers.masters[2] ?? {};
    const node = new Redis(url);
    onTestFinished(async () => {
      await node.config('SET', 'maxmemory-policy', 'noeviction');
      node.disconnect();
    });
    await node.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const refused = await create('evicts').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(String(refused)).toContain(`its node 127.0.0.1:${port} throws keys away`);
    await node.config('SET', 'maxmemory-policy', 'noeviction');
    await (await create('evicts')).close();
  });

  test('a cluster promises what its weakest node does', async () => {
    const { url = '' } = servers.masters[1] ?? {};
    const wanted = { ...servers, prefix: 'weak', durability: 'relaxed' } as const;
    for (const each of servers.masters) await set(each.url, 'appendonly', 'yes');
    await (await createRedisLog(wanted)).close();
    await set(url, 'appendonly', 'no');
    await expect(createRedisLog(wanted)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

async function set(url: string, name: string, value: string): Promise<void> {
  const node = new Redis(url);
  await node.config('SET', name, value);
  node.disconnect();
}
