import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { READ_INSTALL_SCRIPTS, REPOSITORY } from './installed-package.ts';

interface LockedPackage {
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const LOCK: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
  readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8'),
);
const PACKAGES = Object.entries(LOCK.packages);

test('the lock file has the packages of every platform, without which npm ci fails', () => {
  const missing = PACKAGES.flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !(`node_modules/${name}` in LOCK.packages || `${path}/node_modules/${name}` in LOCK.packages))
      .map((name) => `${name} of ${path}`),
  );
  expect(missing).toEqual([]);
});

test('every installed package has its hash, and none an install script that nobody has read', () => {
  const fetched = PACKAGES.filter(([path, { link }]) => path.includes('node_modules/') && !link);
  expect(fetched.length).toBeGreaterThan(100);
  expect(fetched.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
  const scripted = fetched.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
  expect(scripted).toEqual(READ_INSTALL_SCRIPTS);
});

test('the lock file names no registry: each machine uses its own', () => {
  expect(PACKAGES.filter(([, { resolved, link }]) => resolved !== undefined && !link)).toEqual([]);
});
