import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InterlockError } from '../lib/errors.ts';
import { type Config, readConfig } from './config.ts';
import { packageRoot } from './version.ts';

const FILE = 'interlock.yaml';

/** Where `dev` keeps its data in a folder without a configuration. */
const DEV_DATA = '.interlock';

/**
 * The named configuration, or the one of the working directory; where `dev` ran without one, the one that it ran with, so
 * that its log can be looked at. Throws CONFIG_INVALID.
 */
export function findConfig(file: string | undefined, directory: string): Config {
  if (file !== undefined) return readConfig(file);
  const here = join(directory, FILE);
  if (existsSync(here)) return readConfig(here);
  if (existsSync(join(directory, DEV_DATA))) return packagedConfig(directory);
  throw new InterlockError('CONFIG_INVALID', `there is no ${FILE} in this folder; name one with --config`);
}

/** For `dev`: where the folder has no configuration, the one that comes with Interlock, its data kept in the folder. */
export function findDevConfig(file: string | undefined, directory: string): Config {
  if (file !== undefined || existsSync(join(directory, FILE))) return findConfig(file, directory);
  return packagedConfig(directory);
}

function packagedConfig(directory: string): Config {
  return { ...readConfig(join(packageRoot(), FILE)), data: join(directory, DEV_DATA) };
}
