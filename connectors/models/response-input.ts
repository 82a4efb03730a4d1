import { z } from 'zod';
import { common, functionName } from './prompt.ts';

const inputText = z.strictObject({
  type: z.enum(['input_text', 'output_text']),
  text: z.string(),
  annotations: z.array(z.never()).optional(),
});

/** [spec] InputItem: messages, and what came of functions that the model proposed to call. Nothing that refers to what is kept elsewhere. */
const item = z.union([
  z.strictObject({
    type: z.literal('message').optional(),
    id: z.string().max(128).optional(),
    status: z.string().max(32).optional(),
    role: z.enum(['user', 'system', 'developer', 'assistant']),
    content: z.union([z.string(), z.array(inputText).min(1).max(256)]),
  }),
  z.strictObject({
    type: z.literal('function_call'),
    id: z.string().max(128).optional(),
    status: z.string().max(32).optional(),
    call_id: z.string().max(128),
    name: functionName,
    arguments: z.string(),
  }),
  z.strictObject({
    type: z.literal('function_call_output'),
    call_id: z.string().max(128),
    output: z.string(),
  }),
]);

const tool = z.strictObject({
  type: z.literal('function'),
  name: functionName,
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.json()).nullable(),
  strict: z.boolean().nullable(),
});

const format = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    name: z.string().max(64),
    description: z.string().optional(),
    schema: z.record(z.string(), z.json()),
    strict: z.boolean().nullish(),
  }),
]);

/**
 * [spec] CreateResponse. `previous_response_id`, `conversation` and `prompt` are refused: they bring in text that no policy
 * has seen. So are tools that the provider runs itself, and work in the background.
 */
export const responseInput = z.strictObject({
  ...common,
  input: z.union([z.string(), z.array(item).min(1).max(2_048)]),
  instructions: z.string().nullish(),
  max_output_tokens: z.int().min(1).max(1_000_000).nullish(),
  reasoning: z
    .strictObject({ effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).nullish() })
    .nullish(),
  text: z.strictObject({ format: format.optional() }).optional(),
  tools: z.array(tool).max(128).optional(),
  tool_choice: z
    .union([z.enum(['none', 'auto', 'required']), z.strictObject({ type: z.literal('function'), name: functionName })])
    .optional(),
});

export type ResponseInput = z.output<typeof responseInput>;
