import { writePin } from '../../src/connector/intake/write-pin.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { pinOf, type ToolDefinition } from './tool-definition.ts';
import { readToolManifest } from './tool-manifest.ts';

/**
 * Writes the pin of this definition into the manifest. A gateway takes it over when it loads its connectors. Throws
 * OPERATION_UNCLASSIFIED for a tool without an effect, and CONNECTOR_INVALID for a manifest that does not load.
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
  await writePin(manifestFile, { section: 'tools', name: definition.name, pin });
  return { before: entry.pin, pin };
}
