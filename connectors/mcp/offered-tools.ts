import type { Tool } from '@modelcontextprotocol/client';
import { operationName } from '../../src/action/names.ts';
import type { RefusedOperation } from '../../src/connector/contract.ts';
import { asInterlockError, InterlockError } from '../../src/lib/errors.ts';
import { pinOf, type ToolDefinition, toolDefinition } from './tool-definition.ts';
import type { ManifestTool, ToolManifest } from './tool-manifest.ts';

/** One listing of a server, by tool name: each with its definition, or with what is wrong with it. */
export type OfferedTools = ReadonlyMap<string, OfferedTool>;
export interface OfferedTool {
  readonly tool: Tool;
  readonly definition: ToolDefinition | InterlockError;
}

/** Throws CONNECTOR_INVALID when two tools have one name. */
export function offeredTools(tools: readonly Tool[]): OfferedTools {
  const offered = new Map<string, OfferedTool>();
  for (const tool of tools) {
    if (offered.has(tool.name))
      throw new InterlockError('CONNECTOR_INVALID', `the server lists the tool ${JSON.stringify(tool.name)} twice`);
    offered.set(tool.name, { tool, definition: definitionOf(tool) });
  }
  return offered;
}

function definitionOf(tool: Tool): ToolDefinition | InterlockError {
  try {
    return toolDefinition(tool);
  } catch (thrown) {
    return asInterlockError(thrown);
  }
}

/** Why a tool is refused as it is offered now; undefined: its accepted definition is in force. */
export function refusalOf(
  offered: OfferedTool | undefined,
  entry: ManifestTool | undefined,
): Omit<RefusedOperation, 'operation'> | undefined {
  if (entry?.effect === undefined)
    return { code: 'OPERATION_UNCLASSIFIED', detail: 'the tool manifest gives this tool no effect' };
  if (entry.pin === undefined)
    return { code: 'OPERATION_UNCLASSIFIED', detail: 'no definition of this tool was accepted yet' };
  if (offered === undefined) return { code: 'OPERATION_CHANGED', detail: 'the server no longer offers this tool' };
  if (offered.definition instanceof InterlockError)
    return { code: 'OPERATION_CHANGED', detail: `the tool cannot be used: ${offered.definition.message}` };
  const pin = pinOf(offered.definition);
  if (pin !== entry.pin) return { code: 'OPERATION_CHANGED', detail: `accepted was ${entry.pin}, offered is ${pin}` };
  return undefined;
}

/**
 * The operation of each tool, by tool name. Throws CONNECTOR_INVALID when two tools would be one operation. A tool whose
 * name cannot be made one, and that the manifest does not name either, has none.
 */
export function operationNames(
  system: string,
  tools: Iterable<string>,
  manifest: ToolManifest,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const tool of tools) {
    const declared = ownEntry(manifest, tool)?.operation;
    const name = `${system}.${declared ?? `tool.${kebabCase(tool)}`}`;
    if (!operationName.safeParse(name).success) {
      if (declared !== undefined)
        throw new InterlockError(
          'CONNECTOR_INVALID',
          `"${name}" is not a name for an operation, or longer than 64 characters`,
        );
      continue;
    }
    const owner = owners.get(name);
    if (owner !== undefined)
      throw new InterlockError(
        'CONNECTOR_INVALID',
        `the tools ${JSON.stringify(owner)} and ${JSON.stringify(tool)} would both be ${name}; name one in the manifest`,
      );
    owners.set(name, tool);
    names.set(tool, name);
  }
  return names;
}

/** The manifest's entry for a tool; a server may call a tool `constructor`. */
export function ownEntry(manifest: ToolManifest, tool: string): ManifestTool | undefined {
  return Object.hasOwn(manifest.tools, tool) ? manifest.tools[tool] : undefined;
}

function kebabCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/[_.\s/]+/g, '-')
    .toLowerCase();
}
