import { z } from 'zod';
import { toolOperation } from '../../connectors/mcp/tool-operation.ts';
import {
  type AnyOperation,
  defineConnector,
  type Execute,
  type ExecutionResult,
} from '../../src/connector/contract.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import type { OfferedTool } from './read-corpus.ts';
import type { RecordedCall } from './recorded-run.ts';
import type { SuiteManifest, Tool } from './suite-manifest.ts';

/** Finds the call that is executed, and with it what was answered: by its input, and the mark of its effect. */
export type Recall = (input: JsonObject, mark: string) => Promise<RecordedCall | undefined>;

/** A suite's tools, governed by a manifest as those of an MCP server are; what they answer was recorded. */
export function recordedTools(offered: readonly OfferedTool[], { tools }: SuiteManifest, recall: Recall) {
  const operations = offered.flatMap((tool) => {
    const entry = tools.get(tool.name);
    return entry === undefined ? [] : [operationOf(tool, entry, recall)];
  });
  return defineConnector({
    system: 'recorded',
    title: 'Tools whose answers were recorded',
    settings: z.strictObject({}),
    connect: async () => ({
      operations,
      resourceTypes: Object.fromEntries(
        operations.flatMap(({ resourceTypes }) => resourceTypes).map((type) => [type, {}]),
      ),
      labels: [...new Set([...tools.values()].flatMap(({ labels }) => labels.map(nameOf)))],
    }),
  });
}

function nameOf(label: Tool['labels'][number]): string {
  return typeof label === 'string' ? label : label.label;
}

/** As the MCP connector names tools. */
export function operationName(suite: string, tool: string): string {
  return `${suite}.tool.${tool.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
}

function operationOf(tool: OfferedTool, entry: Tool, recall: Recall): AnyOperation {
  const effect = entry.effect ?? { kind: 'execute' as const, reversible: 'no' as const };
  const definition = {
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    inputSchema: looseSchema(tool.params),
  };
  const execute: Execute<JsonObject> = async (input, { actionId }) => answerOf(await recall(input, actionId));
  return toolOperation(
    { name: operationName('recorded', tool.name), definition, roots: [], execute },
    { ...entry, effect },
  );
}

/** The benchmark turned numbers in quotes into numbers and took what was left out as null; here the schema does. */
function looseSchema(params: JsonObject): JsonObject {
  const properties = Object.keys((params['properties'] ?? {}) as JsonObject);
  return { type: 'object', properties: Object.fromEntries(properties.map((name) => [name, {}])) };
}

function answerOf(call: RecordedCall | undefined): ExecutionResult {
  if (call === undefined) return { status: 'unknown', code: 'OUTCOME_UNKNOWN', detail: 'nothing was recorded' };
  if (call.error !== undefined)
    return { status: 'failed', code: 'EXECUTION_FAILED', detail: call.error, exposed: true };
  const { result = '' } = call;
  const text = typeof result === 'string' ? result : JSON.stringify(result);
  return { status: 'succeeded', result: { content: [{ type: 'text', text }] } };
}
