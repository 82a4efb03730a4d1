import { z } from 'zod';

const count = z.int().min(0);

/** [spec] CompletionUsage */
export const chatUsage = z.object({
  prompt_tokens: count,
  completion_tokens: count.default(0),
  total_tokens: count,
});

const proposedCall = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

/** [spec] CreateChatCompletionResponse. `tool_calls` are proposals: nothing has been called. */
export const chatCompletion = z.object({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: z.int(),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.int(),
      finish_reason: z.string().nullable(),
      message: z.object({
        role: z.literal('assistant'),
        content: z.string().nullish(),
        refusal: z.string().nullish(),
        tool_calls: z.array(proposedCall).optional(),
      }),
    }),
  ),
  usage: chatUsage.optional().catch(undefined),
  system_fingerprint: z.string().nullish(),
});

export type ChatCompletion = z.output<typeof chatCompletion>;

/** [spec] CreateChatCompletionStreamResponse */
export const chatChunk = z.object({
  id: z.string(),
  object: z.literal('chat.completion.chunk'),
  created: z.int(),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.int(),
      finish_reason: z.string().nullish(),
      delta: z.object({
        role: z.literal('assistant').optional(),
        content: z.string().nullish(),
        refusal: z.string().nullish(),
        tool_calls: z
          .array(
            z.object({
              index: z.int().min(0).max(127),
              id: z.string().optional(),
              type: z.literal('function').optional(),
              function: z.object({ name: z.string().optional(), arguments: z.string().optional() }).optional(),
            }),
          )
          .optional(),
      }),
    }),
  ),
  usage: chatUsage.nullish().catch(undefined),
  system_fingerprint: z.string().nullish(),
});

export type ChatChunk = z.output<typeof chatChunk>;
