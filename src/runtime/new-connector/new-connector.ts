import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemName } from '../../action/names.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { ConnectorWork } from '../../surface/cli/connector-work.ts';
import { packageOf } from './package-of.ts';

const TEMPLATE = join(dirname(fileURLToPath(import.meta.url)), 'template');
/** The published package keeps the sources of the template under this ending, so that nobody takes them for its own. */
const KEPT = '.txt';
const SOURCE = /\.(?:ts|md)$/;

/** Writes a connector that passes its suite, for a system of this name. Throws INVALID_INPUT. */
export async function newConnector(
  directory: string,
  { name, directory: wanted = `./${name}` }: Parameters<ConnectorWork['newConnector']>[0],
): ReturnType<ConnectorWork['newConnector']> {
  if (!systemName.safeParse(name).success)
    throw new InterlockError('INVALID_INPUT', `"${name}" is not a name for a system: one lower-case kebab-case word`);
  const folder = resolve(directory, wanted);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new InterlockError('INVALID_INPUT', `${wanted} is there already, and is not empty`);
  const files = { ...templateFor(name), 'package.json': packageOf(name) };
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return { directory: wanted, files: Object.keys(files).sort() };
}

function templateFor(name: string): Readonly<Record<string, string>> {
  const sources = readdirSync(TEMPLATE).filter(
    (file) => SOURCE.test(file.replace(KEPT, '')) && !file.endsWith('.d.ts'),
  );
  return Object.fromEntries(
    sources.map((file) => [file.replace(KEPT, ''), renamed(readFileSync(join(TEMPLATE, file), 'utf8'), name)]),
  );
}

/** The template is a part of Interlock's own sources, and speaks of a system called tracker. */
function renamed(text: string, name: string): string {
  const title = name.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return text
    .replaceAll("'../../../connector/index.ts'", "'interlock/connector'")
    .replaceAll("'../../conformance/index.ts'", "'interlock/conformance'")
    .replaceAll('TRACKER', name.toUpperCase().replaceAll('-', '_'))
    .replaceAll('Tracker', title)
    .replaceAll('tracker', name);
}
