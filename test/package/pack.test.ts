import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runnableOf, runStep } from '../docs/runnable.ts';
import { followPage } from '../docs/walkthrough.ts';
import { type InstalledPackage, installPackage, READ_INSTALL_SCRIPTS, REPOSITORY, run } from './installed-package.ts';

const MINUTE_MS = 60_000;
const TSC = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
const TSC_FLAGS = [
  '--noEmit',
  '--strict',
  '--exactOptionalPropertyTypes',
  '--allowImportingTsExtensions',
  '--module',
  'nodenext',
  '--target',
  'es2024',
  '--types',
  'node',
  '--typeRoots',
  join(REPOSITORY, 'node_modules/@types'),
  '--ignoreConfig',
];

const POLICY = '@id("reads") @title("Agents may read.") permit (principal, action in Action::"read", resource);';

let installed: InstalledPackage;

beforeAll(async () => {
  installed = await installPackage();
}, 10 * MINUTE_MS);
afterAll(() => installed?.remove());

describe('the tarball', () => {
  test('holds what a user needs', () => {
    const paths = installed.packed.map(({ path }) => path);
    for (const needed of [
      'LICENSE',
      'README.md',
      'package.json',
      'interlock.yaml',
      'policies/baseline/permits.cedar',
      'dist/connectors/mcp/manifests/filesystem.yaml',
      'dist/src/index.d.ts',
      'dist/src/runtime/bin.js',
      'dist/src/surface/http/page/index.html',
      'dist/connectors/servicenow/index.js',
    ]) {
      expect(paths).toContain(needed);
    }
  });

  test('holds no test, bench or tool, and no source beside what was built from it', () => {
    const surplus = installed.packed
      .map(({ path }) => path)
      .filter(
        (path) =>
          /^(test|bench|tools|src|connectors|node_modules|docs|\.ci)\//.test(path) || /(?<!\.d)\.ts$/.test(path),
      );
    expect(surplus).toEqual([]);
  });
});

describe('an installation', () => {
  test('brings no Node and nothing that only development needs', () => {
    const lock = JSON.parse(readFileSync(join(installed.folder, 'package-lock.json'), 'utf8'));
    const names = Object.keys(lock.packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13));
    expect(names).toContain('@cedar-policy/cedar-wasm');
    expect(
      names.filter((name) =>
        /^node-(bin|linux|darwin|win)|^@interlock\/|vitest|biome|typescript|playwright/.test(name),
      ),
    ).toEqual([]);
    expect(existsSync(join(installed.folder, 'node_modules', '.bin', 'node'))).toBe(false);
  });

  test('runs no install script that nobody has read', () => {
    const lock = JSON.parse(readFileSync(join(installed.folder, 'package-lock.json'), 'utf8'));
    const scripted = Object.entries<{ hasInstallScript?: boolean }>(lock.packages).filter(
      ([, entry]) => entry.hasInstallScript,
    );
    expect(scripted.map(([path]) => path).filter((path) => !READ_INSTALL_SCRIPTS.includes(path))).toEqual([]);
  });

  test('is used as a library as its page says', async () => {
    const { files, steps } = runnableOf(join(REPOSITORY, 'docs/library.md'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(installed.folder, name), text);
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps) expect(await runStep(step, installed.folder)).toMatch(step.output);
  });

  test.each(['servicenow', 'okta', 'workday', 'mcp'])('has the connector %s', async (system) => {
    const program = `const c = (await import('interlock/connectors/${system}')).default; console.log(c.system)`;
    expect(await run('node', ['--input-type=module', '--eval', program], installed.folder)).toBe(`${system}\n`);
  });

  test('has types that the strictest consumer can check', async () => {
    const { files } = runnableOf(join(REPOSITORY, 'docs/library.md'));
    const check = (name: string, text: string) => {
      writeFileSync(join(installed.folder, name), text);
      return run('node', [TSC, ...TSC_FLAGS, name], installed.folder);
    };
    await check('notes.ts', files['notes.ts'] ?? '');
    await check('main.ts', files['main.ts'] ?? '');
    const wrong = (files['notes.ts'] ?? '').replace("effectKinds: ['delete'],", '');
    await expect(check('wrong.ts', wrong)).rejects.toMatchObject({ stdout: expect.stringContaining('effectKinds') });
  });
});

describe('whoever writes a connector', () => {
  test('comes from an empty folder to one that works, with nothing else installed', async () => {
    expect(await followPage(join(REPOSITORY, 'docs/connectors.md'), installed.folder)).toBeGreaterThan(5);
  });

  test('can put a connector that comes with it through its suite', async () => {
    const tested = await run(
      'npx',
      ['--no', '--', 'interlock', 'connector', 'test', 'okta', '--json'],
      installed.folder,
    );
    expect(JSON.parse(tested)).toMatchObject({ system: 'okta', failed: 0, bypassed: 0 });
  });

  test('finds types that the strictest consumer can check', async () => {
    await run('node', [TSC, ...TSC_FLAGS, 'pager/index.ts', 'pager/conformance.test.ts'], installed.folder);
  });
});

describe('the installed command', () => {
  const interlock = (...args: string[]) => run('npx', ['--no', '--', 'interlock', ...args], installed.folder);

  test('says its version', async () => {
    const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
    expect(await interlock('--version')).toBe(`${version}\n`);
  });

  test('lints policies against the configured connectors', async () => {
    writeFileSync(join(installed.folder, 'interlock.yaml'), 'policies: [own.cedar]\n');
    writeFileSync(join(installed.folder, 'own.cedar'), POLICY);
    expect(await interlock('policy', 'lint')).toBe('No problems.\n');
    writeFileSync(join(installed.folder, 'own.cedar'), POLICY.replace('"read"', '"raed"'));
    await expect(interlock('policy', 'lint')).rejects.toMatchObject({
      code: 3,
      stdout: expect.stringContaining('raed'),
    });
  });

  test('starts the demo in an empty folder, and keeps its data there', async () => {
    const folder = join(installed.folder, 'empty');
    mkdirSync(folder);
    const command = join(installed.folder, 'node_modules/.bin/interlock');
    const dev = spawn(command, ['dev', '--port', '0'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(dev, 'exit');
    try {
      const url = await said(dev.stderr, /governs at (http:\S+)/);
      expect((await fetch(`${url}/livez`)).status).toBe(200);
    } finally {
      dev.kill('SIGINT');
    }
    expect(await ended).toEqual([0, null]);
    expect(readdirSync(folder)).toEqual(['.interlock']);
  });
});

/** The first group of `pattern`, as soon as a line has it; what follows is read and dropped. */
function said(stream: Readable, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      text += chunk;
      const found = pattern.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    stream.once('end', () => reject(new Error(`it ended, and had only said: ${text}`)));
  });
}
