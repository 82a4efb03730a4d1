import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { version } from '../../src/runtime/version.ts';

const BIN = join(import.meta.dirname, '../../src/runtime/bin.ts');

let folder: string;
let kept: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'interlock-'));
  kept = join(folder, 'interlock', 'compiled');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = (environment: NodeJS.ProcessEnv = {}) =>
  execFileSync(process.execPath, [BIN, '--version'], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], XDG_CACHE_HOME: folder, ...environment },
  }).trim();

test('what the command compiles is kept in a folder that only its user can look at', () => {
  expect(start()).toBe(version());
  expect(statSync(kept).mode & 0o777).toBe(0o700);
  expect(readdirSync(kept)).not.toEqual([]);
  expect(start()).toBe(version());
});

test('without a home of its own it is below the user’s', () => {
  start({ XDG_CACHE_HOME: 'relative', HOME: folder });
  expect(readdirSync(join(folder, '.cache', 'interlock', 'compiled'))).not.toEqual([]);
});

test('a folder that others could write into is not used', () => {
  mkdirSync(kept, { recursive: true });
  chmodSync(kept, 0o777);
  expect(start()).toBe(version());
  expect(readdirSync(kept)).toEqual([]);
});

test('a link in the place of the folder is not followed', () => {
  mkdirSync(join(folder, 'elsewhere'), { mode: 0o700 });
  mkdirSync(join(folder, 'interlock'));
  symlinkSync(join(folder, 'elsewhere'), kept);
  expect(start()).toBe(version());
  expect(readdirSync(join(folder, 'elsewhere'))).toEqual([]);
});

test('a start without a place to keep anything is a start like any other', () => {
  writeFileSync(join(folder, 'interlock'), 'a file where the folder belongs');
  expect(start()).toBe(version());
});

test.for(['NODE_COMPILE_CACHE', 'NODE_DISABLE_COMPILE_CACHE'])('what %s says goes first', (name) => {
  expect(start({ [name]: join(folder, 'of-node') })).toBe(version());
  expect(existsSync(kept)).toBe(false);
});
