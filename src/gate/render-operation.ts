import { z } from 'zod';
import { toolNameOf } from '../action/names.ts';
import type { RegisteredOperation } from '../connector/registered-operation.ts';
import { isJsonObject, type JsonObject } from '../lib/json.ts';
import type { OperationSummary } from './answers.ts';

const HARMLESS = new Set(['read', 'create']);

/** An operation as clients see it. Hints are the worst case over everything the operation can do, never hand-written. */
export function renderOperation({ name, system, definition }: RegisteredOperation): OperationSummary {
  const kinds = definition.kind === 'read' ? (['read'] as const) : definition.effectKinds;
  const repeat = definition.kind === 'read' ? 'read-only' : definition.repeat.class;
  const outputSchema = jsonSchema(definition.output, 'output');
  return {
    operation: name,
    tool: toolNameOf(name),
    system,
    description: definition.description,
    activity: definition.activity ?? 'tool',
    kind: definition.kind,
    effectKinds: kinds,
    repeat,
    inputSchema: jsonSchema(definition.input, 'input') ?? { type: 'object' },
    ...(outputSchema === undefined ? {} : { outputSchema }),
    annotations: {
      readOnlyHint: definition.kind === 'read',
      destructiveHint: kinds.some((kind) => !HARMLESS.has(kind)),
      idempotentHint: repeat !== 'at-most-once',
      openWorldHint: true,
    },
  };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObject | undefined {
  const json: unknown = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return isJsonObject(json) ? json : undefined;
}
