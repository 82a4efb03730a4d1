import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { type Document, isMap, parseDocument, Scalar } from 'yaml';
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
  const document = parseDocument(await readFile(manifestFile, 'utf8'));
  document.setIn(['tools', definition.name, 'pin'], scalarLikeItsFile(document, pin));
  await replaceFile(manifestFile, document.toString({ lineWidth: 0, flowCollectionPadding: true }));
  return { before: entry.pin, pin };
}

/** JSON is YAML in flow style, where a plain scalar would end its being JSON. */
function scalarLikeItsFile(document: Document.Parsed, text: string): Scalar {
  const scalar = new Scalar(text);
  if (isMap(document.contents) && document.contents.flow === true) scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

/** A reader sees the old file or the new one, never half of it. */
async function replaceFile(file: string, content: string): Promise<void> {
  const beside = `${file}.${randomUUID()}.new`;
  await writeFile(beside, content, { flag: 'wx' });
  await rename(beside, file);
}
