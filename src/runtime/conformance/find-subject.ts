import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { ConformanceFixtures } from '../../connector/conformance/fixtures.ts';
import { openSubject, type Subject } from '../../connector/conformance/subject.ts';
import { InterlockError } from '../../lib/errors.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { bundledConnectors, loadConnector } from '../load-connector.ts';

const fixturesShape = z.looseObject({
  samples: z.array(z.looseObject({ operation: z.string(), input: z.json(), effects: z.array(z.string()) })),
  rateLimits: z.array(z.looseObject({ status: z.number() })),
});

/**
 * A connector by its name or path, with the fixtures in its folder, and the descriptor where it is to be compared. Throws
 * CONNECTOR_INVALID.
 */
export async function findSubject(
  use: string,
  { baseDirectory, compares = true }: { readonly baseDirectory: string; readonly compares?: boolean },
): Promise<Subject> {
  const connector = await loadConnector(use, baseDirectory);
  const folder = folderOf(use, baseDirectory);
  return openSubject({
    connector,
    fixtures: await readFixtures(folder, use),
    baseDirectory,
    lastDescriptor: compares ? readDescriptor(folder) : undefined,
  });
}

function folderOf(use: string, baseDirectory: string): string {
  if (!use.startsWith('.') && !use.startsWith('/')) {
    const bundled = join(bundledConnectors, use);
    // The package has been loaded from here, so it is found from here.
    return existsSync(bundled) ? bundled : dirname(fileURLToPath(import.meta.resolve(use)));
  }
  const path = resolve(baseDirectory, use);
  return existsSync(path) && statSync(path).isDirectory() ? path : dirname(path);
}

async function readFixtures(folder: string, use: string): Promise<ConformanceFixtures> {
  const file = ['conformance.js', 'conformance.ts'].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file === undefined)
    throw new InterlockError('CONNECTOR_INVALID', `${use} has no conformance.ts beside it: nothing says what to try`);
  const { default: exported }: { readonly default?: unknown } = await import(pathToFileURL(file).href);
  const shape = fixturesShape.safeParse(exported);
  if (!shape.success)
    throw new InterlockError(
      'CONNECTOR_INVALID',
      `the conformance.ts of ${use} does not export fixtures by default: ${z.prettifyError(shape.error)}`,
    );
  return exported as ConformanceFixtures; // its shape was just checked; the inputs are checked by the operations' schemas
}

/** What the connector last said of itself; undefined where it was never written down. Throws CONNECTOR_INVALID. */
export function readDescriptor(folder: string): JsonObject | undefined {
  const file = join(folder, 'descriptor.json');
  if (!existsSync(file)) return undefined;
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isJsonObject(parsed)) return parsed;
  } catch (cause) {
    throw new InterlockError('CONNECTOR_INVALID', `${file} cannot be read`, { cause });
  }
  throw new InterlockError('CONNECTOR_INVALID', `${file} is not a descriptor`);
}
