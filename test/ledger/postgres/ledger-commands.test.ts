import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSqliteLog } from '../../../src/workflow/sqlite-log/create-sqlite-log.ts';
import { ask, hasPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';
import { type Ended, interlock, start, wordsOf } from '../../surface/cli/cli.ts';
import { folderOf } from '../../surface/cli/folder.ts';
import { Appender } from '../../workflow/chain-fixture.ts';
import { stream, writeHistory } from '../log-fixture.ts';

const folder = folderOf({
  'interlock.yaml': { data: 'data', ledger: { postgres: { url: 'env:LEDGER' } } },
  'nothing/interlock.yaml': {},
});
let server: PostgresServer;

describe.skipIf(!hasPostgres)('the commands of the log, with a ledger in PostgreSQL', () => {
  const run = (line: string, stdin?: string): Promise<Ended> =>
    interlock(wordsOf(line), { cwd: folder.cwd, stdin, env: { LEDGER: server.url } });

  beforeAll(async () => {
    server = await startPostgres();
    await writeHistory({ file: join(folder.cwd, 'data/log.sqlite'), directory: join(folder.cwd, 'data/checkpoints') });
    expect(await run('log drain --once')).toMatchObject({ code: 0, stdout: '40 events drained, 0 refusals\n' });
  });
  afterAll(async () => {
    folder.remove();
    await server.stop();
  });

  test('verify it as they verify the file, from another folder too', async () => {
    const whole = { code: 0, stdout: expect.stringMatching(/^4 workflows, 40 events, [1-9]\d* checkpoints: whole\n$/) };
    expect(await run('log verify')).toMatchObject(whole);
    expect(await run('log verify --ledger')).toMatchObject(whole);
    const elsewhere = { cwd: join(folder.cwd, 'nothing'), env: { LEDGER: server.url } };
    const line = 'log verify --ledger env:LEDGER --checkpoints ../data/ledger-checkpoints';
    expect(await interlock(wordsOf(line), elsewhere)).toMatchObject(whole);
  });

  test('export it as they export the file', async () => {
    const [file, ledger] = [await run('log export'), await run('log export --ledger')];
    expect(ledger).toEqual(file);
    expect(file.stdout.split('\n').length).toBeGreaterThan(40);
    const one = await run('log export --ledger --tenant globex --workflow wf_a');
    expect(one).toEqual(await run('log export --tenant globex --workflow wf_a'));
  });

  test.each([
    ['the file', '', 'data/checkpoints'],
    ['the ledger', ' --ledger', 'data/ledger-checkpoints'],
  ])('prove an event of %s to who has nothing but the key', async (_, flag, checkpoints) => {
    const proof = await run(`log prove wf_b --tenant acme --event 3${flag}`);
    expect(proof).toMatchObject({ code: 0, stderr: '' });
    folder.write('nothing/key.pem', readFileSync(join(folder.cwd, checkpoints, 'checkpoint-key.pub.pem'), 'utf8'));
    const judge = (stdin: string) =>
      interlock(wordsOf('log verify --proof - --public-key key.pem'), { cwd: join(folder.cwd, 'nothing'), stdin });
    expect(await judge(proof.stdout)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^event 3 \(message\.sent\) of workflow wf_b of acme, of 2026-.*: proved\n {2}signed/,
      ),
    });
    const forged = proof.stdout.replace('1 1 first', '1 1 other');
    expect(forged).not.toBe(proof.stdout);
    expect(await judge(forged)).toMatchObject({ code: 5, stdout: expect.stringMatching(/^BROKEN the payload/) });
  });

  test('drain until they are stopped', async () => {
    const running = start(wordsOf('log drain'), { cwd: folder.cwd, stdin: null, env: { LEDGER: server.url } });
    await running.until('stderr', /Draining into the ledger/);
    const log = await createSqliteLog({ file: join(folder.cwd, 'data/log.sqlite'), synchronous: 'off' });
    await new Appender(log, stream('wf_later')).append(['one', 'two']);
    await log.close();
    const events = () => ask(server.url, 'SELECT count(*) FROM interlock_events').then(({ rows }) => rows[0].count);
    await expect.poll(events, { timeout: 30_000 }).toBe('42');
    running.process.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0, stdout: '' });
  });

  test('name the place of a change, and end with 5', async () => {
    await ask(
      server.url,
      `UPDATE interlock_events SET payload = '{}' WHERE seq = 4 AND stream = (
      SELECT id FROM interlock_streams WHERE tenant = 'globex')`,
    );
    expect(await run('log verify --ledger')).toMatchObject({
      code: 5,
      stdout: expect.stringMatching(/^BROKEN globex \/ wf_a \/ event 4: payload: .*\n.*1 findings\n$/),
    });
  });
});
