import { z } from 'zod';
import { writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { once, spec } from '../evidence.ts';
import { modelName } from '../prompt.ts';
import { modelOf } from '../resources.ts';
import { basePathOf, type ModelsSettings } from '../settings.ts';
import { inputTokensAtMost, modelCall, spendOf } from '../spending.ts';
import { wholeBody } from '../whole-body.ts';

const text = z.string().min(1);

const embeddingInput = z.strictObject({
  model: modelName,
  input: z.union([text, z.array(text).min(1).max(2_048)]),
  dimensions: z.int().min(1).optional(),
  encoding_format: z.enum(['float', 'base64']).optional(),
  user: z.string().max(512).optional(),
});

const count = z.int().min(0);

/** [spec] CreateEmbeddingResponse */
const embeddings = z.object({
  object: z.literal('list'),
  model: z.string(),
  data: z.array(
    z.object({ object: z.literal('embedding'), index: z.int(), embedding: z.union([z.array(z.number()), z.string()]) }),
  ),
  usage: z.object({ prompt_tokens: count, total_tokens: count }).optional().catch(undefined),
});

type EmbeddingInput = z.output<typeof embeddingInput>;

function inputOf({ input }: EmbeddingInput): number {
  return inputTokensAtMost(input, Array.isArray(input) ? input.length : 1);
}

export function embeddingOperation(settings: ModelsSettings) {
  const send = httpExecution<EmbeddingInput>({
    request: (input) => ({
      method: 'POST',
      path: `${basePathOf(settings)}/embeddings`,
      body: input as JsonObject, // the schema's own fields
    }),
    repeatable: false,
    result: wholeBody,
  });
  return writeOperation({
    name: 'models.embedding.create',
    description: 'Turns texts into vectors; the texts go to the model.',
    activity: 'model',
    input: embeddingInput,
    output: embeddings,
    resourceTypes: ['Models::Model'],
    resources: ({ model }) => modelOf(model),
    provenance: {
      arguments: { model: 'flag', input: 'content' },
      returns: { default: 'others' },
      asked: ['embed', 'index'],
    },
    effect: (input) => modelCall(settings, input.model, { input: inputOf(input), output: 0 }),
    effectKinds: ['spend'],
    repeat: once('POST /embeddings'),
    execute: async (input, context) => {
      const result = await send(input, context);
      if (result.status !== 'succeeded') return result;
      const usage = embeddings.safeParse(result.result).data?.usage;
      if (usage === undefined) return result;
      return { ...result, spent: spendOf(settings, input.model, { input: usage.total_tokens, output: 0 }) };
    },
    undo: { none: 'A text that was sent and billed cannot be taken back.' },
    evidence: [
      spec('POST /embeddings (createEmbedding)'),
      { mark: 'mem', source: 'Databricks: POST /serving-endpoints/embeddings; unverified' },
    ],
  });
}
