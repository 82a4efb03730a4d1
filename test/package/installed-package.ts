import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const REPOSITORY = join(import.meta.dirname, '../..');
const execute = promisify(execFile);

/**
 * Read: three print a line and write nothing but a note under the temporary folder; msgpackr's looks for its own prebuilt
 * addon, which is optional. The next one needs reading too.
 */
export const READ_INSTALL_SCRIPTS: readonly string[] = [
  'node_modules/core-js',
  'node_modules/core-js-pure',
  'node_modules/msgpackr-extract',
  'node_modules/protobufjs',
];

export interface PackedFile {
  readonly path: string;
  readonly size: number;
}

export interface InstalledPackage {
  /** An empty project that depends on nothing but the tarball. */
  readonly folder: string;
  readonly packed: readonly PackedFile[];
  remove(): void;
}

/** Builds and packs this package as a release would, and installs the tarball with the machine's own npm. */
export async function installPackage(): Promise<InstalledPackage> {
  const root = mkdtempSync(join(tmpdir(), 'interlock-package-'));
  const folder = join(root, 'consumer');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n');
  await run('npm', ['run', 'build'], REPOSITORY);
  const listing = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', root], REPOSITORY);
  const [tarball]: readonly [{ filename: string; files: readonly PackedFile[] }] = JSON.parse(listing);
  await run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', join(root, tarball.filename)],
    folder,
  );
  return { folder, packed: tarball.files, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Standard output. Throws with everything the command said when it fails. */
export async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await execute(command, args, { cwd, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
