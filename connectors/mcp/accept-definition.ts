import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { InterlockError } from '../../src/lib/errors.ts';
import { pinOf, type ToolDefinition } from './tool-definition.ts';
import { readToolManifest } from './tool-manifest.ts';

/**
 * Writes the pin of this definition into the manifest, keeping everything else of the file, its comments too. A gateway
 * takes it over when it loads its connectors. Throws OPERATION_UNCLASSIFIED for a tool without an effect, and
 * CONNECTOR_INVALID for a manifest that does not load.
 */
export async function acceptDefinition(
  manifestFile: string,
  definition: ToolDefinition,
): Promise<{ readonly before: string | undefined; readonly pin: string }> {
  const manifest = await readToolManifest(manifestFile);
  const entry = Object.hasOwn(manifest.tools, definition.name) ? manifest.tools[definition.name] : undefined;
  if (entry?.effect === undefined)
    throw new InterlockError(
      'OPERATION_UNCLASSIFIED',
      `give the tool ${JSON.stringify(definition.name)} an effect in ${manifestFile} first`,
    );
  const pin = pinOf(definition);
  const content = await readFile(manifestFile, 'utf8');
  await replaceFile(
    manifestFile,
    manifestFile.endsWith('.json')
      ? pinnedJson(content, definition.name, pin)
      : pinnedYaml(content, definition.name, pin),
  );
  return { before: entry.pin, pin };
}

function pinnedYaml(content: string, tool: string, pin: string): string {
  const document = parseDocument(content);
  document.setIn(['tools', tool, 'pin'], pin);
  return document.toString({ lineWidth: 0 });
}

function pinnedJson(content: string, tool: string, pin: string): string {
  const manifest = JSON.parse(content);
  manifest.tools[tool].pin = pin;
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** A reader sees the old file or the new one, never half of it. */
async function replaceFile(file: string, content: string): Promise<void> {
  const beside = `${file}.${randomUUID()}.new`;
  await writeFile(beside, content, { flag: 'wx' });
  await rename(beside, file);
}
