import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ALL_CHECKS } from '../../src/runtime/conformance/all-checks.ts';
import { newConnector } from '../../src/runtime/new-connector/new-connector.ts';
import { followPage } from '../docs/walkthrough.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = join(ROOT, 'docs/connectors.md');

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-new-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A project in which these sources are installed as the package is. */
function project(): string {
  const folder = emptyFolder();
  const installed = join(folder, 'sources');
  mkdirSync(installed);
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  const entries = { connector: 'src/connector/index.ts', conformance: 'src/runtime/conformance/index.ts' };
  const exports = Object.fromEntries(Object.keys(entries).map((name) => [`./${name}`, `./${name}.ts`]));
  writeFileSync(join(installed, 'package.json'), JSON.stringify({ name: 'interlock', type: 'module', exports }));
  for (const [name, source] of Object.entries(entries))
    writeFileSync(join(installed, `${name}.ts`), `export * from '${join(ROOT, source)}';\n`);
  symlinkSync(installed, join(folder, 'node_modules/interlock'));
  const command = join(folder, 'node_modules/.bin/interlock');
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'src/runtime/bin.ts')}" "$@"\n`);
  chmodSync(command, 0o755);
  return folder;
}

test('the page on connectors leads to a connector that works, command by command', async () => {
  expect(await followPage(PAGE, project())).toBe(9);
});

test('the page names every check', () => {
  const page = readFileSync(PAGE, 'utf8');
  expect(ALL_CHECKS.map(({ name }) => name).filter((name) => !page.includes(`| \`${name}\``))).toEqual([]);
});

test('what is written speaks of the system that was named, and of no other', async () => {
  const folder = emptyFolder();
  const { files } = await newConnector(folder, { name: 'door-lock' });
  const texts = files.map((file) => readFileSync(join(folder, 'door-lock', file), 'utf8')).join('\n');
  expect(texts).toContain("system: 'door-lock'");
  expect(texts).toContain('DoorLock::Ticket');
  expect(texts).toContain('env:DOOR_LOCK_TOKEN');
  expect(texts).not.toMatch(/tracker|\.\.\/\.\.\//i);
});

test.each(['Pager', 'two words', '../up', 'a.b', ''])('a system is not called %j', async (name) => {
  await expect(newConnector(emptyFolder(), { name })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

test('nothing is written where something is', async () => {
  const folder = emptyFolder();
  await newConnector(folder, { name: 'pager' });
  await expect(newConnector(folder, { name: 'pager' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await expect(newConnector(folder, { name: 'other', directory: 'pager' })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
});
