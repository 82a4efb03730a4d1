import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sha256 } from '../../../src/lib/digest.ts';
import { parseConfig } from '../../../src/runtime/config.ts';
import { doctor } from '../../../src/runtime/doctor.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { startServer } from '../../../src/runtime/start-server.ts';
import { startWorker } from '../../../src/runtime/start-worker.ts';
import { request } from '../../crash/burst.ts';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis-server.ts';

const KEY = 'key-of-the-runner';
const POLICIES = `
@id("read") @title("People may be read.") permit(principal, action in Action::"people", resource);
@id("known") @title("Who does not work here is not read.") @unless("fact(peopleWorksHere, maxAge: 5m, wait: 20s)")
forbid(principal, action == Action::"people.person.read", resource);
@id("gone") @title("Who does not work here is not read.")
forbid(principal, action == Action::"people.person.read", resource)
when { context.facts has peopleWorksHere && !context.facts.peopleWorksHere.value };`;

describe.skipIf(!hasRedis)('a worker beside a gateway', () => {
  let redis: RedisServer;
  let folder: string;
  let prefixes = 0;
  beforeAll(async () => {
    redis = await startRedis();
    folder = mkdtempSync(join(tmpdir(), 'interlock-worker-'));
    writeFileSync(join(folder, 'policies.cedar'), POLICIES);
  });
  afterAll(async () => {
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const configuration = (more: object = {}) => ({
    redis: { url: redis.url, prefix: `worker${++prefixes}`, durability: 'memory' },
    listen: { port: 0 },
    worker: { port: 0, boardTenant: 'acme' },
    policies: ['policies.cedar'],
    keys: [{ id: 'runner', digest: sha256(KEY), tenant: 'acme', rights: ['open', 'administer'] }],
    connectors: { people: { use: join(import.meta.dirname, 'people-connector.ts') } },
    ...more,
  });
  const started = async (raw: object) => {
    const config = parseConfig(raw, { file: 'test', baseDirectory: folder });
    const logger = createLogger('silent');
    const server = await startServer({ config, environment: {}, logger });
    onTestFinished(() => server.close());
    const worker = await startWorker({ config, environment: {}, logger });
    onTestFinished(() => worker.close());
    return { server, worker };
  };

  test('looks up what an action at the gateway waits for, and the action goes on', async () => {
    const { server, worker } = await started(configuration());
    const { id } = await request(`${server.url}/v1/workflows`, KEY, { onBehalfOf: { id: 'ada' } });
    const session = await request(`${server.url}/v1/workflows/${id}/sessions`, KEY, { agent: 'helper' });
    const token = String(session['token']);
    const ask = async (person: string) => {
      const call = { id: person, operation: 'people.person.read', input: { id: person } };
      await request(`${server.url}/v1/actions`, token, call);
      return request(`${server.url}/v1/actions/${person}?waitMs=20000`, token);
    };
    expect(await ask('ada')).toMatchObject({ decision: 'allow', outcome: { status: 'succeeded' } });
    expect(await ask('eve')).toMatchObject({ decision: 'deny' });
    const metrics = await (
      await fetch(`${worker.url}/metrics`, { headers: { authorization: `Bearer ${KEY}` } })
    ).text();
    expect(metrics).toContain('interlock_enrichment_jobs_total{outcome="done"} 2');
  }, 60_000);

  test('says how it is to anybody, and shows metrics and queues to operators only', async () => {
    const { worker } = await started(configuration());
    const status = async (path: string, key?: string) =>
      (await fetch(worker.url + path, key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } })).status;
    expect(await status('/livez')).toBe(200);
    expect(await status('/readyz')).toBe(200);
    expect([await status('/metrics'), await status('/metrics', 'another'), await status('/metrics', KEY)]).toEqual([
      401, 401, 200,
    ]);
    expect([await status('/queues'), await status('/queues/', KEY)]).toEqual([401, 200]);
    expect(await status('/v1/workflows', KEY)).toBe(404);
  }, 60_000);

  test('says in its log when Redis is away, and when it is back, once each', async () => {
    const own = await startRedis();
    onTestFinished(() => own.stop());
    const config = parseConfig(configuration({ redis: { url: own.url, prefix: 'away', durability: 'memory' } }), {
      file: 'test',
      baseDirectory: folder,
    });
    const said: string[] = [];
    const logger = pino({ level: 'info', base: null }, { write: (line) => said.push(JSON.parse(line).msg) });
    const worker = await startWorker({ config, environment: {}, logger });
    onTestFinished(() => worker.close());
    const told = (): readonly string[] => said.filter((line) => /^the worker/.test(line));
    await own.kill();
    await expect.poll(told, { timeout: 20_000 }).toEqual(['the worker cannot work']);
    const again = await startRedis({ port: own.port });
    onTestFinished(() => again.stop());
    await expect.poll(told, { timeout: 20_000 }).toEqual(['the worker cannot work', 'the worker works again']);
  }, 60_000);

  test('is ready again when Redis is back, as a gateway is, though a call failed and none came after it', async () => {
    const own = await startRedis({ args: ['--appendonly', 'yes'] });
    onTestFinished(() => own.stop());
    const { server, worker } = await started(
      configuration({ redis: { url: own.url, prefix: 'back', durability: 'memory' } }),
    );
    const opened = () => request(`${server.url}/v1/workflows`, KEY, { onBehalfOf: { id: 'ada' } });
    await opened();
    await own.kill();
    await expect(opened()).rejects.toThrow('LOG_UNAVAILABLE');
    const statuses = () =>
      Promise.all([server.url, worker.url].map(async (url) => (await fetch(`${url}/readyz`)).status));
    await expect.poll(statuses, { timeout: 20_000 }).toEqual([503, 503]);
    const again = await startRedis({ port: own.port, directory: own.directory, args: ['--appendonly', 'yes'] });
    onTestFinished(() => again.stop());
    await expect.poll(statuses, { timeout: 30_000 }).toEqual([200, 200]);
  }, 90_000);

  test('does not start without a Redis, nor on one that promises less than is asked for', async () => {
    const start = (raw: object) =>
      startWorker({
        config: parseConfig(raw, { file: 'test', baseDirectory: folder }),
        environment: {},
        logger: createLogger('silent'),
      });
    const { redis: _, ...embedded } = configuration();
    await expect(start(embedded)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    const synced = configuration({ redis: { url: redis.url, prefix: 'synced' } });
    await expect(start(synced)).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: /appendonly yes/ });
  });

  test('doctor says what the Redis at hand can lose, and refuses one that throws keys away', async () => {
    const file = join(folder, 'interlock.yaml');
    const checks = async (raw: object) => {
      writeFileSync(file, JSON.stringify(raw));
      const found = await doctor({ file, directory: folder, environment: {} });
      return Object.fromEntries(found.map(({ check, ok, detail }) => [check, { ok, detail }]));
    };
    expect(await checks(configuration())).toMatchObject({
      Redis: { ok: true },
      'durability of Redis': { ok: true, detail: expect.stringContaining('nothing survives') },
      clock: { ok: true },
    });
    expect(await checks(configuration({ redis: { url: redis.url } }))).toMatchObject({
      'durability of Redis': { ok: false, detail: expect.stringContaining('appendonly yes') },
    });
    const evicting = await startRedis({ args: ['--maxmemory-policy', 'allkeys-lru'] });
    onTestFinished(() => evicting.stop());
    expect(await checks(configuration({ redis: { url: evicting.url, durability: 'memory' } }))).toMatchObject({
      'durability of Redis': { ok: false, detail: expect.stringContaining('noeviction') },
    });
    expect(await checks(configuration({ redis: { url: 'redis://127.0.0.1:1' } }))).toMatchObject({
      Redis: { ok: false },
    });
  }, 60_000);
});
