import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { verifyLog } from '../../../src/ledger/verify-log.ts';
import { createSqliteLog } from '../../../src/workflow/sqlite-log/create-sqlite-log.ts';
import { openLogReader } from '../../../src/workflow/sqlite-log/open-log-reader.ts';
import { textOf } from '../chain-fixture.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const CHILD = new URL('./append-until-killed.ts', import.meta.url).pathname;

/** Runs the child until it has acknowledged `count` events, and kills it with no warning; answers what it acknowledged. */
async function burst(file: string, count: number, round: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, file, `${round}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === count) child.kill('SIGKILL');
  }
  expect(await ended).toBe('SIGKILL');
  return acknowledged;
}

describe('A process killed in a burst of appends', () => {
  it('has lost nothing that it acknowledged, and leaves a log that verifies and opens at once', async () => {
    const file = folder.path('burst/log.sqlite');
    const acknowledged = new Set<string>();
    for (let round = 0; round < 5; round++) {
      for (const line of await burst(file, 200 + 77 * round, round)) acknowledged.add(line);
      const reader = openLogReader({ file });
      const stored = new Set<string>();
      for (const stream of reader.streams()) {
        for (const event of reader.events(stream)) stored.add(`${stream.workflow} ${event.seq} ${textOf(event)}`);
      }
      expect([...acknowledged].filter((line) => !stored.has(line))).toEqual([]);
      expect((await verifyLog({ reader })).findings).toEqual([]);
      reader.close();
    }
    const log = await createSqliteLog({ file, synchronous: 'full' });
    expect((await log.list({})).length).toBe(16);
    await log.close();
  });

  it('keeps a second process out as long as it lives', async () => {
    const file = folder.path('second/log.sqlite');
    const child = spawn(process.execPath, [CHILD, file, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await expect(createSqliteLog({ file, synchronous: 'full' })).rejects.toMatchObject({ code: 'LOG_IN_USE' });
    const reader = openLogReader({ file });
    expect((await verifyLog({ reader })).findings).toEqual([]);
    reader.close();
    child.kill('SIGKILL');
    await ended;
    await (await createSqliteLog({ file, synchronous: 'full' })).close();
  });
});
