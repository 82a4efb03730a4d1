import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';

const PROGRAM = process.env['REDIS_SERVER_PATH'] ?? '/usr/bin/redis-server';
const READY_MS = 10_000;

/** Whether tests with a real Redis run here; `npm test` makes sure of it unless INTERLOCK_TEST_REDIS=none. */
export const hasRedis = process.env['INTERLOCK_TEST_REDIS'] !== 'none' && existsSync(PROGRAM);

export interface RedisOptions {
  /** Besides those that make it private: `--appendonly yes`, say. */
  readonly args?: readonly string[] | undefined;
  /** Of an earlier one, to start it again where it ended. Left out: a new one, which goes with the server. */
  readonly directory?: string | undefined;
  readonly port?: number | undefined;
  /** Where it listens; default: 127.0.0.1. */
  readonly host?: string | undefined;
  /** What its command begins with, as where it is to run in another network. */
  readonly through?: readonly string[] | undefined;
}

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  readonly directory: string;
  /** Ends it without a chance to save: `SIGKILL` where nothing else is said. Also pauses (`SIGSTOP`) and goes on (`SIGCONT`). */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it and removes what it kept. */
  stop(): Promise<void>;
}

/** A real redis-server of this test's own, on a free port of this machine. */
export async function startRedis({
  args = [],
  directory,
  port,
  host = '127.0.0.1',
  through = [],
}: RedisOptions = {}): Promise<RedisServer> {
  const folder = directory ?? mkdtempSync(join(tmpdir(), 'interlock-redis-'));
  const chosen = port ?? (await freePort());
  const own = ['--port', `${chosen}`, '--bind', host, '--dir', folder, '--save', '', '--appendonly', 'no'];
  const whole = [...through, PROGRAM, ...own, '--protected-mode', 'no', '--maxmemory-policy', 'noeviction', ...args];
  const child = spawn(whole[0] ?? PROGRAM, whole.slice(1), { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await ready({ host, port: chosen }, child);
  const kill = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    child.kill(signal);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await ended;
  };
  return {
    port: chosen,
    url: `redis://${host}:${chosen}`,
    pid: child.pid ?? 0,
    directory: folder,
    kill,
    stop: async () => {
      child.kill('SIGCONT');
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(place: { readonly host: string; readonly port: number }, child: ChildProcess): Promise<void> {
  const redis = new Redis({ ...place, lazyConnect: true, retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  const deadline = Date.now() + READY_MS;
  try {
    while (Date.now() < deadline && child.exitCode === null) {
      const answer = await Promise.race([redis.ping().catch(() => undefined), pause(500)]);
      if (answer === 'PONG') return;
    }
  } finally {
    redis.disconnect();
  }
  child.kill('SIGKILL');
  throw new Error(`redis-server did not answer on port ${place.port}`);
}
