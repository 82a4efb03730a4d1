import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { InterlockError } from '../lib/errors.ts';

/** The Cedar files that the paths name: files as they are, folders with every `*.cedar` below them. Throws CONFIG_INVALID. */
export function readPolicies(paths: readonly string[], baseDirectory: string): { name: string; text: string }[] {
  return paths.flatMap((path) => {
    const full = resolve(baseDirectory, path);
    try {
      if (!statSync(full).isDirectory()) return [{ name: basename(full), text: readFileSync(full, 'utf8') }];
      const names = readdirSync(full, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.cedar'));
      return names
        .sort()
        .map((name) => ({ name: join(basename(full), name), text: readFileSync(join(full, name), 'utf8') }));
    } catch (cause) {
      throw new InterlockError('CONFIG_INVALID', `the policies in ${path} cannot be read`, { cause });
    }
  });
}
