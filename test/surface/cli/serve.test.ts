import { type AddressInfo, createServer } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { interlock, start } from './cli.ts';
import { configuration, POLICIES, workingFolder } from './folder.ts';
import { type RunningGateway, startGateway, stop } from './gateway.ts';
import { startHolder } from './holder.ts';

async function gateway(changes: Parameters<typeof workingFolder>[0] = {}) {
  const folder = workingFolder(changes);
  onTestFinished(folder.remove);
  const running = await startGateway(folder.cwd);
  onTestFinished(() => {
    running.process.kill('SIGKILL');
  });
  return { ...folder, running };
}

/** A gateway whose agent has a write that is about to happen and waits for its release. */
async function busyGateway() {
  const holder = await startHolder();
  onTestFinished(holder.close);
  const notes = (configuration()['connectors'] as { notes: { use: string } }).notes;
  const place = await gateway({ connectors: { notes: { ...notes, settings: { holder: holder.url } } } });
  const { run, workflow } = await place.running.agent();
  const answer = run('notes.note.write', { id: 'n2', text: 'x' });
  return { ...place, workflow, answer, held: await holder.next() };
}

const WRITE = ['notes.note.write', { id: 'n2', text: 'x' }] as const;

describe('ending a gateway', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`${signal} lets a running action finish, and leaves a log under its last checkpoint`, async () => {
      const { cwd, running, answer, held } = await busyGateway();
      running.process.kill(signal);
      await running.until('stderr', /Ending: running actions finish first/);
      held.release();
      expect(await answer).toMatchObject({ decision: 'allow', outcome: { status: 'succeeded' } });
      expect(await running.ended).toMatchObject({ code: 0, signal: null });
      const { code, stdout } = await interlock(['log', 'verify', '--json'], { cwd });
      expect([code, JSON.parse(stdout)]).toMatchObject([0, { findings: [] }]);
      expect(JSON.parse(stdout).checkpoints).toBeGreaterThan(0);
    });
  }

  for (const [first, second] of [
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGINT'],
    ['SIGINT', 'SIGTERM'],
  ] as const) {
    test(`${second} after ${first} ends it at once, and the log still verifies`, async () => {
      const { cwd, running, answer } = await busyGateway();
      answer.catch(() => undefined);
      running.process.kill(first);
      await running.until('stderr', /Ending/);
      running.process.kill(second);
      const { code, signal } = await running.ended;
      expect(code === null ? signal : code).not.toBe(0);
      expect(await interlock(['log', 'verify'], { cwd })).toMatchObject({ code: 0 });
    });
  }

  test('a command that serves nothing ends at the first Ctrl-C', async () => {
    const holder = await startHolder();
    onTestFinished(holder.close);
    const folder = workingFolder();
    onTestFinished(folder.remove);
    const env = { INTERLOCK_URL: holder.url, INTERLOCK_KEY: 'x' };
    const waiting = start(['workflow', 'freeze', 'wf_1', '--reason', 'x'], { cwd: folder.cwd, env });
    await holder.next();
    waiting.process.kill('SIGINT');
    expect(await waiting.ended).toMatchObject({ code: null, signal: 'SIGINT', stderr: '' });
  });
});

describe('starting a gateway', () => {
  test('a second one on the same log is refused, and the first goes on', async () => {
    const { cwd, running } = await gateway();
    const second = await interlock(['serve'], { cwd });
    expect(second).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^LOG_IN_USE: .*log\.sqlite/) });
    expect(await (await running.agent()).run(...WRITE)).toMatchObject({ decision: 'allow' });
  });

  test('a port in use is an error with a code that names it, and the log is released', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => {
      other.close();
    });
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const folder = workingFolder({ listen: { port } });
    onTestFinished(folder.remove);
    const { code, stderr } = await interlock(['serve'], folder);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`ADDRESS_UNAVAILABLE: 127.0.0.1:${port} is in use`)]);
    expect(stderr).not.toMatch(/\n\s+at /);
    folder.write('interlock.yaml', configuration());
    await stop(await startGateway(folder.cwd));
  });

  test('an address that is not of this machine is an error with a code', async () => {
    const folder = workingFolder({ listen: { host: '192.0.2.1', port: 0 } });
    onTestFinished(folder.remove);
    const { code, stderr } = await interlock(['serve'], folder);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/ADDRESS_UNAVAILABLE: 192\.0\.2\.1:0 /)]);
  });

  test('plain HTTP beyond this machine is warned of, and not on loopback', async () => {
    const open = await gateway({ listen: { host: '0.0.0.0', port: 0 } });
    await open.running.until('stderr', /plain HTTP.*TLS/);
    await stop(open.running);
    const local = await gateway();
    await stop(local.running);
    expect((await local.running.ended).stderr).not.toMatch(/plain HTTP/);
  });

  test('a broken log is found by verify (exit 5) and by doctor, with its place', async () => {
    const { cwd, running } = await gateway();
    const { workflow } = await running.agent();
    await stop(running);
    const database = new DatabaseSync(`${cwd}/data/log.sqlite`);
    database
      .prepare('DELETE FROM events WHERE seq = 2 AND stream = (SELECT id FROM streams WHERE workflow = ?)')
      .run(workflow);
    database.close();
    const verified = await interlock(['log', 'verify'], { cwd });
    expect(verified).toMatchObject({ code: 5, stderr: '' });
    expect(verified.stdout).toContain(`BROKEN acme / ${workflow} / event 2`);
    expect(await interlock(['doctor'], { cwd })).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/FAIL workflow log: LOG_BROKEN: /),
    });
  });
});

describe('SIGHUP', () => {
  const LOCKED = '@id("locked") @title("Nothing is written any more.") forbid(principal, action, resource);';
  const activations = async ({ call }: RunningGateway, cwd: string): Promise<number> => {
    await call('/v1/workflows');
    const { stdout } = await interlock(['log', 'export', '--tenant', '~system', '--workflow', 'policies'], { cwd });
    return [...stdout.matchAll(/"type":"policy\.activated"/g)].length;
  };

  test('puts a good policy set in force and records it; a bad one is refused, and the good one stays', async () => {
    const { cwd, write, running } = await gateway();
    const { run } = await running.agent();
    expect(await run(...WRITE)).toMatchObject({ decision: 'allow' });
    expect(await activations(running, cwd)).toBe(1);

    write('policies/all.cedar', POLICIES + LOCKED);
    running.process.kill('SIGHUP');
    await running.until('stderr', /policies read again/);
    const denied = await run(...WRITE);
    expect(denied).toMatchObject({ decision: 'deny', reasons: [{ policy: 'locked' }] });
    expect(await activations(running, cwd)).toBe(2);

    write('policies/all.cedar', 'permit(principal, action, resource) when { nonsense };');
    running.process.kill('SIGHUP');
    await running.until('stderr', /POLICY_INVALID.*stay in force/);
    expect(await run(...WRITE)).toMatchObject({ decision: 'deny', policySet: denied['policySet'] });
    expect(await activations(running, cwd)).toBe(2);
  });
});

test('without --json, the address is a message, and standard output stays empty', async () => {
  const folder = workingFolder();
  onTestFinished(folder.remove);
  const started = start(['serve'], folder);
  await started.until('stderr', /Interlock governs at http:\/\/127\.0\.0\.1:\d+/);
  await stop(started);
  expect((await started.ended).stdout).toBe('');
});
