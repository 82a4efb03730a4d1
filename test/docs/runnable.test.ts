import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runnableOf, runStep } from './runnable.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A folder in which everything of a clone is there, and the files of a page besides. */
function cloneWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-docs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const entry of readdirSync(ROOT))
    if (!entry.startsWith('.')) symlinkSync(join(ROOT, entry), join(folder, entry));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test('what the README says of MCP servers happens', async () => {
  const { files, steps } = runnableOf(join(ROOT, 'README.md'));
  const config = files['governed.yaml'] ?? '';
  const folder = cloneWith(files);
  writeFileSync(
    join(folder, 'governed.yaml'),
    config.replace('/tmp/interlock-memory.jsonl', join(folder, 'memory.jsonl')),
  );
  expect(steps.length).toBeGreaterThan(2);
  for (const step of steps) expect(await runStep(step, folder)).toMatch(step.output);
});

test('what the page of HTTP says happens, against a gateway that dev started', async () => {
  const { files, steps } = runnableOf(join(ROOT, 'docs/http.md'));
  const folder = cloneWith(files);
  writeFileSync(
    join(folder, 'dev.yaml'),
    'connectors: { okta: { use: okta, simulate: true } }\npolicies: [policies/baseline, policies/okta.cedar]\n',
  );
  const bin = join(ROOT, 'src/runtime/bin.ts');
  const dev = spawn(process.execPath, [bin, 'dev', '--config', 'dev.yaml', '--port', '0'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(dev, 'exit');
  let said = '';
  dev.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  try {
    await expect.poll(() => said, { timeout: 60_000 }).toMatch(/INTERLOCK_URL=\S+ INTERLOCK_KEY=\S+\n/);
    const [, variables = ''] = /(INTERLOCK_URL=\S+ INTERLOCK_KEY=\S+)\n/.exec(said) ?? [];
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps) {
      const command = `export ${variables}; ${step.command}`;
      expect(await runStep({ ...step, command }, folder)).toMatch(step.output);
    }
  } finally {
    dev.kill('SIGINT');
    await ended;
  }
});
