import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.ts';

const READY_MS = 20_000;
const RESTARTS = 100;
const USER = 'interlock';
/** The server refuses to run as root; `nobody` may. */
const NOBODY = 65_534;
const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
const PROGRAMS = process.env['POSTGRES_PATH'] ?? newest('/usr/lib/postgresql');

/** Whether tests with a real PostgreSQL run here; `npm test` makes sure of it unless INTERLOCK_TEST_POSTGRES=none. */
export const hasPostgres =
  process.env['INTERLOCK_TEST_POSTGRES'] !== 'none' &&
  existsSync(join(PROGRAMS, 'postgres')) &&
  existsSync(join(PROGRAMS, 'initdb'));
if (!hasPostgres) console.warn('There is no PostgreSQL here: the tests that need one are skipped.');

export interface PostgresOptions {
  /** As after `-c`: `synchronous_commit=off`, say. */
  readonly settings?: readonly string[] | undefined;
  /** The folder that it makes its own in. */
  readonly directory?: string | undefined;
}

export interface PostgresServer {
  readonly port: number;
  /** Of its first database, as a user who owns it and is no superuser. */
  readonly url: string;
  /** The same with every right there is, as a thief of the disk has. */
  readonly ownerUrl: string;
  /** Makes a database, empty or a copy of another one, and answers its address. */
  database(name: string, copyOf?: string): Promise<string>;
  /** Ends it and all its processes without a chance to finish anything. */
  kill(): Promise<void>;
  /** After `kill`: again on the same port, with what is on its disk. */
  restart(): Promise<void>;
  /** Ends it and removes what it kept. */
  stop(): Promise<void>;
}

/** A real PostgreSQL of this test's own, on a free port of this machine. */
export async function startPostgres({
  settings = [],
  directory = tmpdir(),
}: PostgresOptions = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(directory, 'interlock-postgres-'));
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid);
  const data = join(folder, 'data');
  execFileSync(
    join(PROGRAMS, 'initdb'),
    ['-D', data, '--no-sync', '-A', 'trust', '-U', 'owner', '-E', 'UTF8', '--locale=C.UTF-8'],
    {
      stdio: 'ignore',
      cwd: folder,
      ...account,
    },
  );
  const port = await freePort();
  const addressOf = (user: string, database: string) => `postgres://${user}@127.0.0.1:${port}/${database}`;
  const ownerUrl = addressOf('owner', 'postgres');
  let child = await start();

  async function start(): Promise<ChildProcess> {
    const own = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'fsync=off'];
    const options = [...own, ...settings].flatMap((setting) => ['-c', setting]);
    const started = spawn(join(PROGRAMS, 'postgres'), ['-D', data, ...options], {
      stdio: 'ignore',
      cwd: folder,
      ...account,
    });
    await ready(ownerUrl, started);
    return started;
  }

  async function database(name: string, copyOf = 'template0'): Promise<string> {
    const [made, from] = [pg.escapeIdentifier(name), pg.escapeIdentifier(copyOf)];
    await ask(ownerUrl, `CREATE DATABASE ${made} OWNER ${USER} TEMPLATE ${from}`);
    return addressOf(USER, name);
  }

  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };

  await ask(ownerUrl, `CREATE ROLE ${USER} LOGIN`);
  return {
    port,
    url: await database('first'),
    ownerUrl,
    database,
    kill,
    restart: async () => {
      // The other processes of a killed server have to go before the next one may start.
      for (let left = RESTARTS; ; left--) {
        try {
          child = await start();
          return;
        } catch (error) {
          if (left === 0) throw error;
          await pause(100);
        }
      }
    },
    stop: async () => {
      // Its other processes end by themselves once it answers SIGQUIT; killed, they would outlive it for a moment.
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.kill('SIGQUIT')) await ended;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** Runs one text of SQL, as someone does who has the database's password. */
export async function ask(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    try {
      await ask(url, 'SELECT 1');
      return;
    } catch (error) {
      if (child.exitCode !== null) throw new Error('postgres did not start', { cause: error });
      await pause(50);
    }
  }
  child.kill('SIGKILL');
  throw new Error(`postgres did not answer at ${url}`);
}

function newest(folder: string): string {
  const versions = existsSync(folder) ? readdirSync(folder).map(Number).filter(Number.isFinite) : [];
  return join(folder, `${Math.max(0, ...versions)}`, 'bin');
}
