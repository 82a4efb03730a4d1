import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package: two above this file in the sources, three in the published package. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isPackage(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

function isPackage(folder: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof manifest === 'object' && manifest !== null && 'name' in manifest && manifest.name === 'interlock';
  } catch {
    // No package.json here: the folder above is asked.
    return false;
  }
}

export function version(): string {
  return versionIn(packageRoot());
}

/** Of the policy engine that is installed, without loading it. */
export function cedarVersion(): string {
  return versionIn(dirname(createRequire(import.meta.url).resolve('@cedar-policy/cedar-wasm/nodejs')));
}

function versionIn(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}
