import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSqliteLog } from '../../../src/workflow/sqlite-log/create-sqlite-log.ts';
import { hasPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';
import { Appender } from '../../workflow/chain-fixture.ts';
import { temporaryFolder } from '../../workflow/sqlite-log/temporary-folder.ts';
import { stream } from '../log-fixture.ts';
import { drainAll, drainOf, exportedFile, exportedLedger, verifyLedger } from './ledger-fixture.ts';

const folder = temporaryFolder();
const CHILD = new URL('./drain-until-killed.ts', import.meta.url).pathname;
const STREAMS = Array.from({ length: 30 }, (_, i) => stream(`wf_${i % 20}`, i < 20 ? 'acme' : 'globex'));
/** Milliseconds after which a process is killed that has drained its first batch and has some to go. */
const DELAYS_MS = [0, 3, 8, 13, 21, 34, 55, 89];
let server: PostgresServer;

/** Adds `each` events to every stream, some at once and in turns. */
async function grow(file: string, each: number): Promise<void> {
  const log = await createSqliteLog({ file, synchronous: 'off' });
  const appenders = STREAMS.map((id) => new Appender(log, id));
  for (let done = 0; done < each; done += 10) {
    await Promise.all(
      appenders.map((appender, i) => appender.append(Array.from({ length: 10 }, (_, j) => `${i} ${done + j}`))),
    );
  }
  await log.close();
}

/** Runs a drain and kills it with no warning, so long after it has begun. */
async function drainAndKill(args: readonly string[], delayMs: number): Promise<void> {
  const child = spawn(process.execPath, [CHILD, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  await pause(delayMs);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
}

describe.skipIf(!hasPostgres)('A ledger whose', () => {
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it('drain is killed again and again has each event once, and is whole', async () => {
    const [file, directory] = [folder.path('drain/log.sqlite'), folder.path('drain/checkpoints')];
    const url = await server.database('drain');
    await drainAll({ file: await grown(file), url, directory });
    for (const delayMs of DELAYS_MS) {
      await grow(file, 100);
      await drainAndKill([file, url, directory], delayMs);
      expect((await verifyLedger(url, directory)).findings, `killed after ${delayMs} ms`).toEqual([]);
    }
    expect(await drainAll({ file, url, directory })).toMatchObject({ refusals: 0, alarms: [] });
    expect((await exportedLedger(url)).join('\n') === (await exportedFile(file)).join('\n')).toBe(true);
    const verdict = await verifyLedger(url, directory);
    expect(verdict).toMatchObject({ streams: 30, events: 30 * (200 + 100 * DELAYS_MS.length), findings: [] });
    expect(verdict.checkpoints).toBeGreaterThan(0);
  });

  it('server is killed in the middle goes on where it was once that is back, without a gap or a second copy', async () => {
    const [file, directory] = [folder.path('server/log.sqlite'), folder.path('server/checkpoints')];
    const url = await server.database('server');
    const { drain, alarms, close } = await drainOf({ file: await grown(file), url, directory });
    drain.start();
    for (let round = 1; round <= 4; round++) {
      await expect.poll(() => drain.status().events, { timeout: 60_000 }).toBeGreaterThan(round * 1_000);
      await server.kill();
      await expect.poll(() => drain.failure()?.code, { timeout: 60_000 }).toBe('LOG_UNAVAILABLE');
      expect(drain.status().lagMs).toBeGreaterThan(0);
      await grow(file, 100);
      await server.restart();
    }
    await expect.poll(() => drain.status().lagMs, { timeout: 60_000 }).toBe(0);
    await close();
    expect({ alarms, failure: drain.failure() }).toEqual({ alarms: [], failure: undefined });
    expect((await exportedLedger(url)).join('\n') === (await exportedFile(file)).join('\n')).toBe(true);
    expect(await verifyLedger(url, directory)).toMatchObject({ streams: 30, events: 30 * 600, findings: [] });
  });

  async function grown(file: string): Promise<string> {
    await grow(file, 200);
    return file;
  }
});
