import { z } from 'zod';

/** Text alone: what an image, a sound or a file comes to in tokens, nobody can say beforehand. */
const textPart = z.strictObject({ type: z.literal('text'), text: z.string() });
const content = z.union([z.string(), z.array(textPart).min(1).max(256)]);
const name = z.string().max(64).optional();

export const functionName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, _ and -, at most 64');

export const toolCall = z.strictObject({
  id: z.string().max(128),
  type: z.literal('function'),
  function: z.strictObject({ name: functionName, arguments: z.string() }),
});

/** [spec] ChatCompletionRequestMessage, without what is not text. */
const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content, name }),
  z.strictObject({ role: z.literal('developer'), content, name }),
  z.strictObject({ role: z.literal('user'), content, name }),
  z.strictObject({
    role: z.literal('assistant'),
    content: content.nullish(),
    refusal: z.string().nullish(),
    name,
    tool_calls: z.array(toolCall).max(128).optional(),
  }),
  z.strictObject({ role: z.literal('tool'), content, tool_call_id: z.string().max(128) }),
]);

const jsonSchema = z.record(z.string(), z.json());

/** A function that the model may propose to call; it is Interlock's caller who calls it, or does not. */
const tool = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name: functionName,
    description: z.string().optional(),
    parameters: jsonSchema.optional(),
    strict: z.boolean().nullish(),
  }),
});

const responseFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: z.string().max(64),
      description: z.string().optional(),
      schema: jsonSchema.optional(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

const maxTokens = z.int().min(1).max(1_000_000).nullish();

/** The name of a model; it is the id of a resource, and a segment of a path. */
export const modelName = z
  .string()
  .max(256)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/, 'a model is letters, digits and ._:/@-');

/** Fields that say who asks, and what the provider keeps. */
export const common = {
  model: modelName,
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  user: z.string().max(512).optional(),
  safety_identifier: z.string().max(64).optional(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
  /** Whether the provider keeps the answer; left out, it is told not to. */
  store: z.boolean().nullish(),
  parallel_tool_calls: z.boolean().optional(),
};

/** [spec] CreateChatCompletionRequest. What is not here is refused: what searches, fetches or costs in other ways. */
export const chatInput = z.strictObject({
  ...common,
  messages: z.array(message).min(1).max(2_048),
  max_completion_tokens: maxTokens,
  max_tokens: maxTokens,
  n: z.int().min(1).max(16).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  seed: z.int().nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).nullish(),
  response_format: responseFormat.optional(),
  tools: z.array(tool).max(128).optional(),
  tool_choice: z
    .union([
      z.enum(['none', 'auto', 'required']),
      z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: functionName }) }),
    ])
    .optional(),
});

export type ChatInput = z.output<typeof chatInput>;
