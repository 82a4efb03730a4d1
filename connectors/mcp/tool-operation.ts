import type { ResourceType } from '../../src/action/resource.ts';
import type { AnyOperation, Execute } from '../../src/connector/contract.ts';
import { governedOperation } from '../../src/connector/intake/governed-operation.ts';
import { inputSchemaOf } from '../../src/connector/intake/input-schema.ts';
import type { ClassifiedEntry } from '../../src/connector/intake/manifest-entry.ts';
import { plainText } from '../../src/connector/intake/plain-text.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import type { ToolDefinition } from './tool-definition.ts';
import { toolResult } from './tool-result.ts';

/** What several tools write to and read from. */
export const STORE_RESOURCE = 'Mcp::Store' satisfies ResourceType;

/** A tool of which the manifest says nothing, or nothing that fits, touches this. */
export const TOOL_RESOURCE = 'Mcp::Tool' satisfies ResourceType;

/** A tool's own answer stands in a text of MCP's result, or as its structured content. */
const ANSWERS = ['content[*].text', 'structuredContent'];

export interface ToolOperation {
  readonly name: string;
  readonly definition: ToolDefinition;
  /** Absolute folders that relative paths may start from. */
  readonly roots: readonly string[];
  readonly execute: Execute<JsonObject>;
}

/** The governed operation of a classified tool. Throws RESPONSE_UNEXPECTED where its input schema cannot be carried. */
export function toolOperation(
  { name, definition, roots, execute }: ToolOperation,
  entry: ClassifiedEntry,
): AnyOperation {
  const described = {
    name,
    description: plainText(definition.description ?? definition.name),
    input: inputSchemaOf(definition.inputSchema),
    output: toolResult,
    whole: { type: TOOL_RESOURCE, id: definition.name },
    storeType: STORE_RESOURCE,
    roots,
    answers: ANSWERS,
    repeat: {
      class: 'at-most-once',
      evidence: { mark: 'spec', source: 'MCP has no idempotency key for tools/call' },
    },
    execute: () => execute,
    source: 'the tool manifest of this server',
  } as const;
  return governedOperation(described, entry);
}
