import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BIN } from './cli.ts';
import { workingFolder } from './folder.ts';
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

describe('in a pipe', () => {
  /** Runs a shell line in which `interlock` is the command. */
  async function shell(
    line: string,
  ): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
    const script = `set -o pipefail; interlock() { "${process.execPath}" "${BIN}" "$@"; }; ${line}`;
    const env = { PATH: process.env['PATH'], ...gateway.env() };
    const child = spawn('bash', ['-c', script], { cwd: folder.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, out, err };
  }

  /** More than a pipe holds. */
  beforeAll(async () => {
    const { run } = await gateway.agent();
    for (let at = 0; at < 8; at++) await run('notes.note.write', { id: `n${at}`, text: 'x'.repeat(40_000) });
  });

  test('a reader that leaves early ends it quietly', async () => {
    const { out, err } = await shell('interlock log export | head -1');
    expect(JSON.parse(out)).toEqual({ export: { v: 1, scope: 'all' } });
    expect(err).toBe('');
  });

  test('a full disk is a failure, not a shorter answer', async () => {
    expect(await shell('interlock log export > /dev/full')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^INTERNAL: standard output: ENOSPC/),
    });
  });

  test('a slow reader gets every line', async () => {
    const { out } = await shell('interlock log export | (while read -r line; do last="$line"; done; echo "$last")');
    expect(JSON.parse(out)).toMatchObject({ total: { workflows: expect.any(Number) } });
  });

  test('an export is judged anywhere: whole as it is, broken when a line is gone', async () => {
    const whole = await shell('interlock log export | interlock log verify --export -');
    expect(whole).toMatchObject({ code: 0, out: expect.stringMatching(/whole/) });
    const cut = await shell('interlock log export | sed 3d | interlock log verify --export -');
    expect(cut).toMatchObject({ code: 5, out: expect.stringMatching(/^BROKEN /) });
    const json = await shell('interlock log export | sed 3d | interlock log verify --export - --json');
    expect(JSON.parse(json.out)).toMatchObject({ findings: [{ kind: 'missing', seq: 1 }, { kind: 'export' }] });
  });
});
