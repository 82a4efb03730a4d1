import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { sha256 } from '../../src/lib/digest.ts';
import { request } from '../crash/burst.ts';
import { ask, hasPostgres, startPostgres } from '../support/postgres-server.ts';
import { hasRedis, startRedis } from '../support/redis-server.ts';

const ROOT = join(import.meta.dirname, '../..');
const BIN = join(ROOT, 'src/runtime/bin.ts');
const KEY = 'key-of-the-operator';

interface Service {
  readonly command?: string | readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
}

const file = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true });
const services: Readonly<Record<string, Service>> = file.services;
const own = Object.entries(services).filter(([name]) => /^(gateway|worker)-/.test(name));

describe('docker-compose.yml', () => {
  test('has two gateways and two workers, a Redis and a PostgreSQL, each with a place for what it keeps', () => {
    expect(Object.keys(services).sort()).toEqual(
      ['gateway-1', 'gateway-2', 'postgres', 'redis', 'worker-1', 'worker-2'].sort(),
    );
    const named = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.map((each) => each.split(':')[0] ?? ''),
    );
    for (const volume of named.filter((each) => each.startsWith('./')))
      expect(existsSync(join(ROOT, volume))).toBe(true);
    const kept = named.filter((each) => !each.startsWith('./'));
    expect(new Set(kept)).toEqual(new Set(Object.keys(file.volumes)));
    expect(kept).toHaveLength(new Set(kept).size);
  });

  test('gives its processes every secret that their configuration names, and holds none itself', () => {
    const configuration = readFileSync(join(ROOT, 'deploy/interlock.yaml'), 'utf8');
    const wanted = [...configuration.matchAll(/env:(\w+)/g)].map(([, name]) => name);
    expect(wanted).toEqual(['REDIS_URL', 'LEDGER_URL']);
    for (const [, { environment = {} }] of own) expect(Object.keys(environment)).toEqual(wanted);
    const assigned = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8').match(/PASSWORD[^\n]*/g) ?? [];
    for (const line of assigned) expect(line).toMatch(/PASSWORD(:\?|.* )/);
  });

  test('says how its key is made, by a command that makes one', () => {
    const [, words = ''] =
      /^# `interlock (key .*?)`/m.exec(readFileSync(join(ROOT, 'deploy/interlock.yaml'), 'utf8')) ?? [];
    const made = spawnSync(process.execPath, [BIN, ...words.split(' ')], { encoding: 'utf8' });
    expect(made).toMatchObject({ status: 0, stdout: expect.stringContaining('"rights":["open","administer"]') });
  });
});

describe.skipIf(!hasRedis || !hasPostgres)('the processes of docker-compose.yml, without their containers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-compose-'));
  const children: ChildProcess[] = [];
  const closing: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    for (const close of closing) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('start as they are written, share one log, and fill the ledger; a signal ends each in order', {
    timeout: 120_000,
  }, async () => {
    const flags = String(services['redis']?.command).split(' ').slice(1);
    const redis = await startRedis({ args: flags.slice(0, flags.indexOf('--requirepass')) });
    const postgres = await startPostgres();
    closing.push(redis.stop, postgres.stop);
    const environment = { ...process.env, REDIS_URL: redis.url, LEDGER_URL: postgres.url };

    const urls: Record<string, string> = {};
    for (const [name, { command = [] }] of own) {
      const child = spawn(process.execPath, [BIN, '--json', ...withConfiguration(command, place(name))], {
        env: environment,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      children.push(child);
      urls[name] = JSON.parse(await firstLine(child)).url;
    }
    for (const url of Object.values(urls)) expect((await fetch(`${url}/readyz`)).status).toBe(200);

    const { id } = await request(`${urls['gateway-1']}/v1/workflows`, KEY, { onBehalfOf: { id: 'ada' } });
    expect(await request(`${urls['gateway-2']}/v1/workflows/${id}`, KEY)).toMatchObject({ id });
    const drained = async () =>
      Number(
        (await ask(postgres.url, `SELECT count(*) FROM interlock_events`).catch(() => undefined))?.rows[0]?.count ?? 0,
      );
    await expect.poll(drained, { timeout: 20_000 }).toBeGreaterThan(0);

    for (const child of children) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    }
  });

  /** A folder of its own, as the container has it; only ports and a key differ. */
  function place(name: string): string {
    const at = join(folder, name);
    cpSync(join(ROOT, 'deploy'), at, { recursive: true });
    const written = parse(readFileSync(join(at, 'interlock.yaml'), 'utf8'));
    const keys = [{ id: 'operator', digest: sha256(KEY), tenant: 'acme', rights: ['open', 'administer'] }];
    const local = { ...written, keys, data: 'data', listen: { port: 0 }, worker: { port: 0 } };
    writeFileSync(join(at, 'interlock.yaml'), stringify(local));
    return join(at, 'interlock.yaml');
  }
});

function withConfiguration(command: string | readonly string[], configuration: string): readonly string[] {
  return [command].flat().map((word) => (word === '/etc/interlock/interlock.yaml' ? configuration : word));
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      const line = heard.split('\n').find((text) => text.startsWith('{"url"'));
      if (line !== undefined) resolve(line);
    });
    child.once('exit', () => reject(new Error(`it ended at its start: ${heard}`)));
  });
}
