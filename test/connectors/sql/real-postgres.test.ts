import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeStatement, readyToJudge } from '../../../connectors/sql/judge-statement.ts';
import { READS, TABLES } from './statements.ts';

/** One-user mode of a real server: no port, no user, nothing left running. */
const has = (command: string) => spawnSync(command, ['--version']).status === 0;
const isThere = has('initdb') && has('postgres');
/** The server refuses to run as root; `nobody` may. */
const NOBODY = 65_534;
const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
let directory: string;

beforeAll(async () => {
  await readyToJudge();
  if (!isThere) return;
  directory = mkdtempSync(join(tmpdir(), 'interlock-sql-'));
  if (user.uid !== undefined) chownSync(directory, user.uid, user.gid);
  execFileSync('initdb', ['-D', join(directory, 'data'), '--no-sync', '-A', 'trust', '-U', 'judge'], {
    stdio: 'ignore',
    cwd: directory,
    ...user,
  });
  run(`${TABLES};`);
}, 60_000);
afterAll(() => {
  if (isThere) rmSync(directory, { recursive: true });
});

/** What the server says of texts, each ended by an empty line. */
function run(text: string): string {
  const options = ['--single', '-j', '-F', '-D', join(directory, 'data'), '-c', 'log_min_messages=error', 'postgres'];
  const { stdout, stderr } = spawnSync('postgres', options, {
    input: `${text}\n\n`,
    encoding: 'utf8',
    cwd: directory,
    ...user,
  });
  return `${stdout}${stderr}`;
}

const WRITES = [
  'insert into orders (id) values (1)',
  'update orders set id = 2',
  'delete from orders',
  'truncate table orders',
  'drop table items',
  'create table fresh (id int)',
  'grant select on table orders to public',
  'with gone as (delete from orders returning *) select * from gone',
  'select * into copied from orders',
  'select * from orders for update',
  'explain analyze delete from orders',
];

describe.skipIf(!isThere)('a real PostgreSQL, in a transaction that may only read,', () => {
  test('runs whatever is judged to read', () => {
    for (const text of READS) {
      expect(judgeStatement(text).effect.kind, text).toBe('read');
      const said = run(`set default_transaction_read_only = on;\n\n${text};`);
      expect(said, text).not.toMatch(/ERROR|FATAL/);
    }
  }, 120_000);

  test('refuses what is judged to write, and what is not understood', () => {
    for (const text of WRITES) {
      expect(judgeStatement(text).effect.kind, text).not.toBe('read');
      expect(run(`set default_transaction_read_only = on;\n\n${text};`), text).toMatch(/read-only transaction/);
    }
  }, 120_000);
});

test.skipIf(isThere)('without initdb and postgres there is no real server to ask', () => {
  console.log('without PostgreSQL programs: nothing to compare with');
});
