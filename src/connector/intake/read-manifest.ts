import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { z } from 'zod';
import { BOUNDS } from '../../lib/bounds.ts';
import { InterlockError } from '../../lib/errors.ts';
import { explainIssues } from '../../lib/explain-issues.ts';

/** Reads a manifest, YAML or JSON. Throws CONNECTOR_INVALID with the place that is wrong. */
export async function readManifest<S extends z.ZodObject>(file: string, schema: S): Promise<z.output<S>> {
  let content: unknown;
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > BOUNDS.bodyBytes) throw new InterlockError('TOO_LARGE', 'it is too large');
    content = parse(text, { uniqueKeys: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new InterlockError('CONNECTOR_INVALID', `the manifest ${file} cannot be read: ${why}`, { cause });
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success)
    throw new InterlockError('CONNECTOR_INVALID', `the manifest ${file}: ${explainIssues(schema, parsed.error)}`);
  return parsed.data;
}
