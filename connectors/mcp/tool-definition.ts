import type { Tool } from '@modelcontextprotocol/client';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { type Digest, digestOf } from '../../src/lib/digest.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';
import { parseJson } from '../../src/lib/parse-json.ts';

/** What a server says of a tool, and what is accepted or refused as one whole. None of it is believed. */
export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
  readonly annotations?: JsonObject;
}

/**
 * The parts of a listed tool that count, as plain bounded JSON. Throws TOO_LARGE, TOO_DEEP, FORBIDDEN_KEY and the like
 * for a definition that no honest server sends.
 */
export function toolDefinition(tool: Tool): ToolDefinition {
  const { name, description, inputSchema, outputSchema, annotations } = tool;
  const json = textOf({ name, description, inputSchema, outputSchema, annotations });
  if (json.length > BOUNDS.mcpDefinitionCharacters)
    throw new InterlockError('TOO_LARGE', `its definition has ${json.length} characters`);
  const plain = parseJson(json);
  if (!isJsonObject(plain) || !isJsonObject(plain['inputSchema']))
    throw new InterlockError('RESPONSE_UNEXPECTED', 'its definition has no input schema');
  if (depthOf(plain) > BOUNDS.mcpSchemaDepth) throw new InterlockError('TOO_DEEP', 'its schemas are nested too deeply');
  return plain as JsonObject & ToolDefinition; // built above from exactly these members
}

/** SHA-256 of the RFC 8785 form of the definition: what an operator accepts. */
export function pinOf(definition: ToolDefinition): Digest {
  const { name, description, inputSchema, outputSchema, annotations } = definition;
  const parts: Record<string, Json | undefined> = { name, description, inputSchema, outputSchema, annotations };
  return digestOf(
    Object.fromEntries(Object.entries(parts).filter((part): part is [string, Json] => part[1] !== undefined)),
  );
}

function textOf(value: object): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new InterlockError('TOO_DEEP', 'its definition cannot be written as JSON', { cause });
  }
}

function depthOf(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Object.values(value).reduce((deepest: number, child: Json) => Math.max(deepest, depthOf(child)), 0);
}
