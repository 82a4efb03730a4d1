import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

test('a process outlives whoever reads its log', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'log-reader-gone.ts')], { stdio: 'pipe' });
  onTestFinished(() => void child.kill());
  child.stdin.write('1');
  const [line] = await once(child.stderr, 'data');
  expect(JSON.parse(String(line))).toMatchObject({ msg: 'a line' });
  child.stderr.destroy();
  await once(child.stderr, 'close');
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  for (let lines = 2; lines <= 4; lines++) {
    child.stdin.write(String(lines));
    while (said.split('\n').length <= lines) await once(child.stdout, 'data');
  }
  child.stdin.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
});
