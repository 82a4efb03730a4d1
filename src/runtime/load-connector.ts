import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { AnyConnector } from '../connector/contract.ts';
import { InterlockError } from '../lib/errors.ts';

const here = fileURLToPath(import.meta.url);
/** `.ts` from the sources, `.js` from the published package. */
const extension = here.slice(here.lastIndexOf('.'));
/** The folder of the connectors that come with Interlock. */
export const bundledConnectors = join(dirname(here), '..', '..', 'connectors');

const isFunction = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function');
const connectorShape = z.looseObject({
  system: z.string(),
  title: z.string(),
  settings: z.custom<z.ZodObject>((value) => value instanceof z.ZodObject, 'settings is a zod object'),
  connect: isFunction,
  simulate: isFunction.optional(),
});

/**
 * The connector that a configuration names: one that comes with Interlock, a path (`./my-connector`), or a package.
 * Throws CONNECTOR_INVALID.
 */
export async function loadConnector(use: string, baseDirectory: string): Promise<AnyConnector> {
  let module: unknown;
  try {
    module = await import(specifierOf(use, baseDirectory));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new InterlockError('CONNECTOR_INVALID', `the connector ${use} cannot be loaded: ${why}`, { cause });
  }
  const exported = typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
  const shape = connectorShape.safeParse(exported);
  if (!shape.success) {
    throw new InterlockError(
      'CONNECTOR_INVALID',
      `${use} does not export a connector by default: ${z.prettifyError(shape.error)}`,
    );
  }
  return exported as AnyConnector; // its shape was just checked; what its functions return is checked where it is used
}

function specifierOf(use: string, baseDirectory: string): string {
  if (use.startsWith('.') || use.startsWith('/')) return pathToFileURL(fileOf(resolve(baseDirectory, use))).href;
  const bundled = join(bundledConnectors, use, `index${extension}`);
  return /^[a-z][a-z0-9-]*$/.test(use) && existsSync(bundled) ? pathToFileURL(bundled).href : use;
}

function fileOf(path: string): string {
  for (const candidate of [`index${extension}`, 'index.js', 'index.ts']) {
    if (existsSync(join(path, candidate))) return join(path, candidate);
  }
  return path;
}
