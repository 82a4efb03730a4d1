import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { interlock, wordsOf } from './cli.ts';
import { KEYS, workingFolder } from './folder.ts';
import { type RunningGateway, startGateway, stop } from './gateway.ts';

const folder = workingFolder();
let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await startGateway(folder.cwd);
});

afterAll(async () => {
  await stop(gateway);
  folder.remove();
});

describe('text from elsewhere', () => {
  const HOSTILE =
    'a\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp.exe\u2066\u200b\ufeff\u{e0041}\r\nok   forged: line';
  const HARMLESS = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;

  test('never reaches a terminal raw, and cannot forge a line', async () => {
    const hostile = await gateway.agent({ mandate: HOSTILE });
    await hostile.run('notes.note.write', { id: HOSTILE, text: HOSTILE }, 'hostile');
    const held = await hostile.run('notes.note.send', { id: HOSTILE, to: 'bob@example.com' });
    const approval = String((held['approval'] as { ids: readonly string[] }).ids[0]);
    const lines = [
      `workflow show ${hostile.workflow}`,
      `workflow list`,
      `explain hostile -w ${hostile.workflow}`,
      `approvals list`,
      `approvals show ${approval}`,
      `log export`,
    ].flatMap((line) => [line, `${line} --json`]);
    for (const line of lines) {
      const { code, stdout } = await interlock(wordsOf(line), { ...folder, env: { ...gateway.env(KEYS.approver) } });
      expect([line, code]).toEqual([line, 0]);
      for (const shown of stdout.split('\n')) expect(shown).toMatch(HARMLESS);
      expect(stdout).not.toMatch(/^ok {3}forged/m);
    }
  });

  test('JSON carries it unharmed', async () => {
    const { workflow } = await gateway.agent({ mandate: HOSTILE });
    const { stdout } = await interlock(['workflow', 'show', workflow, '--json'], { ...folder, env: gateway.env() });
    expect(JSON.parse(stdout).mandate).toBe(HOSTILE);
  });

  test('neither does what a stranger at the address answers', async () => {
    const server = createServer((_request, response) => {
      response.statusCode = 400;
      response.end(JSON.stringify({ code: 'INVALID_CALL', detail: HOSTILE }));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo; // it listens on TCP, so this is its address
    const env = { INTERLOCK_URL: `http://127.0.0.1:${port}`, INTERLOCK_KEY: 'x' };
    const { code, stderr } = await interlock(['workflow', 'list'], { ...folder, env });
    expect(code).toBe(3);
    for (const shown of stderr.split('\n')) expect(shown).toMatch(HARMLESS);
  });

  for (const [what, answer] of Object.entries({ 'a page': '<html>', 'an empty list': '[]', nothing: '' })) {
    test(`an address that answers ${what} is no gateway`, async () => {
      const server = createServer((_request, response) => response.end(answer)).listen(0, '127.0.0.1');
      onTestFinished(() => void server.close());
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as AddressInfo; // it listens on TCP, so this is its address
      const env = { INTERLOCK_URL: `http://127.0.0.1:${port}`, INTERLOCK_KEY: 'x' };
      expect(await interlock(['workflow', 'list'], { ...folder, env })).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^SYSTEM_UNAVAILABLE: what answers at .* is not a gateway/),
      });
    });
  }
});
