import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { parseJson } from '../../src/lib/parse-json.ts';
import { type ToolDefinition, toolDefinition } from './tool-definition.ts';

const schema = z.looseObject({});

/** A tool as MCP lists it, or as model APIs are given it: bare, or as the `function` of one. */
const mcpTool = z.object({ name: z.string(), description: z.string().optional(), inputSchema: schema });
const namedTool = z.object({ name: z.string(), description: z.string().optional(), input_schema: schema });
const functionTool = z.object({ name: z.string(), description: z.string().optional(), parameters: schema.default({}) });
const listedTool = z.union([mcpTool, namedTool, z.object({ function: functionTool }), functionTool]);

const toolList = z.union([z.array(listedTool), z.object({ tools: z.array(listedTool) })]);

/**
 * The tools of a list in a JSON file: MCP's answer to `tools/list`, or the `tools` that a model API is given. Throws
 * CONNECTOR_INVALID for anything else, and what {@link toolDefinition} throws.
 */
export async function readToolList(file: string): Promise<readonly ToolDefinition[]> {
  const parsed = toolList.safeParse(await contentOf(file));
  if (!parsed.success)
    throw new InterlockError('CONNECTOR_INVALID', `${file} is no list of tools: ${z.prettifyError(parsed.error)}`);
  const tools = Array.isArray(parsed.data) ? parsed.data : parsed.data.tools;
  const definitions = tools.map(definitionOf);
  const names = new Set(definitions.map(({ name }) => name));
  if (names.size !== definitions.length) throw new InterlockError('CONNECTOR_INVALID', `${file} lists a tool twice`);
  return definitions;
}

async function contentOf(file: string): Promise<unknown> {
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > BOUNDS.bodyBytes) throw new InterlockError('TOO_LARGE', 'it is too large');
    return parseJson(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new InterlockError('CONNECTOR_INVALID', `the list of tools ${file} cannot be read: ${why}`, { cause });
  }
}

function definitionOf(listed: z.output<typeof listedTool>): ToolDefinition {
  const tool = 'function' in listed ? listed.function : listed;
  const { name, description } = tool;
  const inputSchema =
    'inputSchema' in tool ? tool.inputSchema : 'input_schema' in tool ? tool.input_schema : tool.parameters;
  return toolDefinition({
    name,
    ...(description === undefined ? {} : { description }),
    inputSchema: { ...inputSchema, type: 'object' },
  });
}
