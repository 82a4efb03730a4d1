import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';
import { interlock, wordsOf } from '../../surface/cli/cli.ts';
import { workingFolder } from '../../surface/cli/folder.ts';
import { type RunningGateway, startGateway, stop } from '../../surface/cli/gateway.ts';

const folder = workingFolder({ ledger: { postgres: { url: 'env:LEDGER' } } });
let server: PostgresServer;
let gateway: RunningGateway;
let workflow: string;

describe.skipIf(!hasPostgres)('what a gateway answers about a workflow', () => {
  beforeAll(async () => {
    server = await startPostgres();
    gateway = await startGateway(folder.cwd);
    const agent = await gateway.agent({ mandate: 'Look after the notes.' });
    workflow = agent.workflow;
    await agent.run('notes.note.write', { id: 'n1', text: 'hello', ssn: '123' }, 'act_write');
    await agent.run('notes.note.send', { id: 'n1', to: 'x@evil.example' }, 'act_evil');
    const drained = await interlock(['log', 'drain', '--once'], { cwd: folder.cwd, env: { LEDGER: server.url } });
    expect(drained).toMatchObject({ code: 0, stderr: '' });
  });
  afterAll(async () => {
    await stop(gateway);
    folder.remove();
    await server.stop();
  });

  const asked = (line: string) => interlock(wordsOf(line), { cwd: folder.cwd, env: gateway.env() });
  const past = (line: string) =>
    interlock(wordsOf(`${line} --ledger --tenant acme`), { cwd: folder.cwd, env: { LEDGER: server.url } });

  test.each([
    ['its state', () => `workflow show ${workflow}`, /notes\.note\.write +modify/],
    ['its graph', () => `workflow show ${workflow} --graph mermaid`, /denied\| n4/],
    ['why an action was denied', () => `explain act_evil --workflow ${workflow}`, /because +Nothing is sent to evil/],
    ['why an action was modified', () => `explain act_write --workflow ${workflow}`, /policy +forbid no-ssn/],
  ])('is what its ledger says: %s', async (_, line, text) => {
    const [now, then] = [await asked(`${line()} --json`), await past(`${line()} --json`)];
    expect([now.code, now.stderr, then.code, then.stderr]).toEqual([0, '', 0, '']);
    expect(JSON.parse(then.stdout)).toEqual(JSON.parse(now.stdout));
    expect((await past(line())).stdout).toMatch(text);
  });

  test('is listed by the ledger, too, but for what is held', async () => {
    const [now, then] = [await asked('workflow list'), await past('workflow list')];
    expect(now.stdout).toContain(workflow);
    const rows = (text: string) => text.split('\n').map((row) => row.split(/\s+/).toSpliced(2, 1));
    expect(rows(then.stdout)).toEqual(rows(now.stdout));
  });

  test('of another tenant is not found, nor without naming one', async () => {
    const other = wordsOf(`workflow show ${workflow} --ledger --tenant globex`);
    const env = { LEDGER: server.url };
    expect(await interlock(other, { cwd: folder.cwd, env })).toMatchObject({ code: 3, stdout: '' });
    const nobody = wordsOf(`workflow show ${workflow} --ledger`);
    expect(await interlock(nobody, { cwd: folder.cwd, env })).toMatchObject({ code: 64, stdout: '' });
  });
});
