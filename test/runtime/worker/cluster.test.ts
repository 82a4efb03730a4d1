import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sha256 } from '../../../src/lib/digest.ts';
import { parseConfig } from '../../../src/runtime/config.ts';
import { doctor } from '../../../src/runtime/doctor.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { openRedisLog } from '../../../src/runtime/open-redis-log.ts';
import { startServer } from '../../../src/runtime/start-server.ts';
import { startWorker } from '../../../src/runtime/start-worker.ts';
import { request } from '../../crash/burst.ts';
import { withLedger } from '../../ledger/postgres/ledger-fixture.ts';
import { linesOf } from '../../support/lines-of.ts';
import { hasPostgres, startPostgres } from '../../support/postgres-server.ts';
import { type RedisCluster, startCluster, until } from '../../support/redis-cluster.ts';
import { hasRedis } from '../../support/redis-server.ts';

const TENANTS = ['acme', 'globex', 'initech', 'umbrella'];
const ALL = '@id("all") @title("All is permitted.") permit(principal, action, resource);';

describe.skipIf(!hasRedis || !hasPostgres)('a gateway and a worker on a Redis Cluster', () => {
  let servers: RedisCluster;
  beforeAll(async () => {
    servers = await startCluster();
  });
  afterAll(() => servers.stop());

  /** A folder with a configuration in it. */
  function setting(more: object = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'interlock-cluster-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'policies.cedar'), ALL);
    const raw = {
      redis: { url: servers.url, cluster: true, urls: servers.cluster, durability: 'memory' },
      listen: { port: 0 },
      worker: { port: 0 },
      policies: ['policies.cedar'],
      keys: TENANTS.map((tenant) => ({ id: tenant, digest: sha256(tenant), tenant, rights: ['open', 'administer'] })),
      connectors: { people: { use: join(import.meta.dirname, 'people-connector.ts') } },
      ...more,
    };
    const config = (data: string) => parseConfig({ ...raw, data }, { file: 'test', baseDirectory: folder });
    return { folder, raw, config };
  }
  const parts = { environment: {}, logger: createLogger('silent') };

  test('the worker drains what tenants on all nodes did into the ledger', { timeout: 60_000 }, async () => {
    const postgres = await startPostgres();
    onTestFinished(() => postgres.stop());
    const { config } = setting({ ledger: { postgres: { url: postgres.url } } });
    const worker = await startWorker({ config: config('worker'), ...parts });
    onTestFinished(() => worker.close());
    const gateway = await startServer({ config: config('gateway'), ...parts });
    onTestFinished(() => gateway.close());
    const { log } = await openRedisLog(config('reader'), {});
    onTestFinished(() => log.close());
    for (const tenant of TENANTS) {
      const { id } = await request(`${gateway.url}/v1/workflows`, tenant, { onBehalfOf: { id: 'ada' } });
      const opened = await request(`${gateway.url}/v1/workflows/${id}/sessions`, tenant, { agent: 'helper' });
      const read = { operation: 'people.person.read', input: { id: 'ada' } };
      const answer = await request(`${gateway.url}/v1/actions`, String(opened['token']), read);
      expect(answer).toMatchObject({ decision: 'allow' });
      const stream = { tenant, workflow: String(id) };
      const hashes = (events: readonly { readonly hash: string }[]) => events.map(({ hash }) => hash);
      await until('the ledger has the workflow', () =>
        withLedger(postgres.url, async (reader) => {
          const kept = hashes(await linesOf(reader.events(stream)));
          const here = hashes(await log.read(stream));
          return here.length > 2 && kept.join() === here.join();
        }),
      );
    }
  });

  test('doctor looks at every node', async () => {
    const { folder, raw } = setting();
    const file = join(folder, 'interlock.yaml');
    writeFileSync(file, JSON.stringify(raw));
    const findings = async () => {
      const all = await doctor({ file, directory: folder, environment: {} });
      return all.filter(({ check }) => check.includes('Redis'));
    };
    const [version, durability] = await findings();
    expect(version).toMatchObject({ ok: true, detail: expect.stringContaining('a cluster of 3 servers') });
    expect(durability).toMatchObject({ check: 'durability of Redis', ok: true });
    for (const { url, port } of servers.masters) {
      const node = new Redis(url);
      await node.config('SET', 'maxmemory-policy', 'volatile-lru');
      const [, found] = await findings();
      expect(found).toMatchObject({ ok: false, detail: expect.stringContaining(`its node 127.0.0.1:${port} throws`) });
      await node.config('SET', 'maxmemory-policy', 'noeviction');
      node.disconnect();
    }
    expect((await findings()).every(({ ok }) => ok)).toBe(true);
  });

  test('further nodes without a cluster are no configuration', async () => {
    const { config } = setting({ redis: { url: servers.url, urls: servers.cluster, durability: 'memory' } });
    await expect(openRedisLog(config('none'), {})).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  test('one node that answers is enough to find the others', async () => {
    const [known = ''] = servers.cluster;
    const redis = { url: 'redis://127.0.0.1:1', cluster: true, urls: [known], durability: 'memory' };
    const { log } = await openRedisLog(setting({ redis }).config('found'), {});
    expect(await log.failure?.()).toBeUndefined();
    await log.close();
  });
});
