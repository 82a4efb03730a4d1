import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { demoConfig } from './demo-config.ts';
import { type Address, actOnce, BIN } from './run-demo.ts';

let folder = '';
const running: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'interlock-dev-'));
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts `interlock dev` in `folder`, and answers once it has printed `until`. */
async function startDev(args: readonly string[], until: string) {
  const child = spawn(process.execPath, [BIN, 'dev', ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  const ended = once(child, 'exit');
  let printed = '';
  const found = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        printed += part;
        if (printed.includes(until)) resolve();
      });
    }
    child.once('exit', () => reject(new Error(`dev ended:\n${printed}`)));
  });
  await found;
  return { child, ended, printed: () => printed };
}

/** What the reader copies from the screen. */
function addressIn(printed: string): Address {
  const [, url = '', approver = ''] = /export INTERLOCK_URL=(\S+) INTERLOCK_KEY=(\S+)/.exec(printed) ?? [];
  const [, runner = ''] = /"Authorization": "Bearer (ilk_[^"]+)"/.exec(printed) ?? [];
  return { url, keys: { approver, runner } };
}

test('dev needs no configuration: it takes its own, and keeps its data in the folder it was started in', async () => {
  const { child, ended, printed } = await startDev(['--port', '0'], 'interlock approvals approve');
  expect(printed()).toContain('It waits for you.');
  expect(existsSync(join(folder, '.interlock', 'log.sqlite'))).toBe(true);
  child.kill('SIGTERM');
  expect((await ended)[0]).toBe(0);
  expect(printed()).not.toContain('It stays up');
});

const ACTIONS = [
  { operation: 'workday.worker.list', input: { limit: 1 }, decision: 'allow' },
  { operation: 'okta.group.list', input: {}, decision: 'allow' },
  { operation: 'servicenow.incident.create', input: { short_description: 'A door is stuck' }, decision: 'allow' },
  { operation: 'mail.message.list', input: {}, decision: 'allow' },
  { operation: 'okta.user.deactivate', input: { userId: '00ugracehopper000001' }, decision: 'deny' },
];

test('dev says so when the script of the demo is gone, and does everything else as before', async () => {
  const script = join(folder, 'gone.mjs');
  const { child, ended, printed } = await startDev(['--config', demoConfig(folder, [script])], 'Ctrl-C ends it.');
  expect(printed()).toContain(`not found        ${script}: the gateway runs without it`);
  const address = addressIn(printed());
  for (const { operation, input, decision } of ACTIONS) {
    expect(await actOnce(address, operation, input)).toMatchObject({ decision });
  }
  child.kill('SIGTERM');
  expect((await ended)[0]).toBe(0);
});
