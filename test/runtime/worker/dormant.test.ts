import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sha256 } from '../../../src/lib/digest.ts';
import { parseConfig } from '../../../src/runtime/config.ts';
import { doctor } from '../../../src/runtime/doctor.ts';
import { letSleep } from '../../../src/runtime/let-sleep.ts';
import { createLogger } from '../../../src/runtime/logger.ts';
import { openRedisLog } from '../../../src/runtime/open-redis-log.ts';
import { startServer } from '../../../src/runtime/start-server.ts';
import { startWorker } from '../../../src/runtime/start-worker.ts';
import { request } from '../../crash/burst.ts';
import { hasPostgres, startPostgres } from '../../support/postgres-server.ts';
import { hasRedis, startRedis } from '../../support/redis-server.ts';

const KEY = 'key-of-the-runner';
const LIMITED = '@id("all") @title("All is permitted.") permit(principal, action, resource);';

describe.skipIf(!hasRedis || !hasPostgres)('a workflow that nobody uses', () => {
  test('leaves Redis once the ledger has it, and goes on at a gateway that has never seen it', {
    timeout: 60_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'interlock-dormant-'));
    const redis = await startRedis();
    const postgres = await startPostgres();
    onTestFinished(async () => {
      await redis.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    writeFileSync(join(folder, 'policies.cedar'), LIMITED);
    const raw = {
      redis: { url: redis.url, durability: 'memory', seal: 'env:SEAL' },
      ledger: { postgres: { url: postgres.url } },
      listen: { port: 0 },
      worker: { port: 0 },
      policies: ['policies.cedar'],
      keys: [{ id: 'runner', digest: sha256(KEY), tenant: 'acme', rights: ['open', 'administer'] }],
      connectors: { people: { use: join(import.meta.dirname, 'people-connector.ts') } },
    };
    const config = (data: string) => parseConfig({ ...raw, data }, { file: 'test', baseDirectory: folder });
    const parts = { environment: { SEAL: 'one secret of all' }, logger: createLogger('silent') };
    const first = await startServer({ config: config('first'), ...parts });
    const worker = await startWorker({ config: config('worker'), ...parts });
    onTestFinished(() => worker.close());

    const limits = { actions: 3 };
    const { id } = await request(`${first.url}/v1/workflows`, KEY, { onBehalfOf: { id: 'ada' }, limits });
    const opened = await request(`${first.url}/v1/workflows/${id}/sessions`, KEY, { agent: 'helper' });
    const read = (url: string, person: string) =>
      request(`${url}/v1/actions`, String(opened['token']), { operation: 'people.person.read', input: { id: person } });
    expect(await read(first.url, 'ada')).toMatchObject({ decision: 'allow' });
    expect(await read(first.url, 'bob')).toMatchObject({ decision: 'allow' });
    const before = await request(`${first.url}/v1/workflows/${id}`, KEY);
    await first.close();

    const file = join(folder, 'interlock.yaml');
    writeFileSync(file, JSON.stringify(raw));
    const found = await doctor({ file, directory: folder, environment: parts.environment });
    expect(found.filter(({ ok }) => !ok)).toEqual([]);
    expect(found.map(({ check }) => check)).toContain('ledger');
    const away = { ...raw, ledger: { postgres: { url: 'postgres://127.0.0.1:1/none' } } };
    writeFileSync(file, JSON.stringify(away));
    const sick = await doctor({ file, directory: folder, environment: parts.environment });
    expect(sick.filter(({ ok }) => !ok).map(({ check }) => check)).toEqual(['ledger']);

    const { log, archive } = await openRedisLog(config('sleeper'), parts.environment);
    onTestFinished(() => log.close());
    const { shared } = log;
    if (archive === undefined || shared === undefined) throw new Error('there is a ledger');
    await expect
      .poll(() => letSleep(shared, { archive, before: Date.now() + 1_000 }), { timeout: 20_000 })
      .toBeGreaterThan(0);
    const admin = new Redis(redis.url);
    onTestFinished(() => admin.disconnect());
    expect(await admin.keys(`il:{acme}:e:${id}`)).toEqual([]);
    expect(await admin.keys(`il:{acme}:w:${id}`)).toHaveLength(1);

    const second = await startServer({ config: config('second'), ...parts });
    onTestFinished(() => second.close());
    expect(await request(`${second.url}/v1/workflows/${id}`, KEY)).toEqual(before);
    // What it had spent before is spent.
    expect(await read(second.url, 'eve')).toMatchObject({ decision: 'allow' });
    expect(await read(second.url, 'ada')).toMatchObject({ decision: 'deny', code: 'LIMIT_REACHED' });
  });
});
