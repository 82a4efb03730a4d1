import { z } from 'zod';

const count = z.int().min(0);

const outputText = z.object({
  type: z.literal('output_text'),
  text: z.string(),
  annotations: z.array(z.never()).catch([]),
});
const refusal = z.object({ type: z.literal('refusal'), refusal: z.string() });
const part = z.discriminatedUnion('type', [outputText, refusal]);

/** [spec] OutputItem: text, and proposals to call functions. What a model thinks to itself keeps its place and no text. */
const outputItem = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('message'),
    id: z.string(),
    role: z.literal('assistant'),
    status: z.string(),
    content: z.array(part),
  }),
  z.object({
    type: z.literal('function_call'),
    id: z.string().optional(),
    call_id: z.string(),
    name: z.string(),
    arguments: z.string(),
    status: z.string().optional(),
  }),
  z.object({ type: z.literal('reasoning'), id: z.string() }),
]);

/** [spec] Response */
export const modelResponse = z.object({
  id: z.string(),
  object: z.literal('response'),
  created_at: z.number(),
  status: z.string(),
  model: z.string(),
  output: z.array(outputItem),
  usage: z.object({ input_tokens: count, output_tokens: count, total_tokens: count }).nullish().catch(undefined),
  error: z.object({ code: z.string(), message: z.string() }).nullish(),
  incomplete_details: z.object({ reason: z.string().optional() }).nullish(),
});

export type ModelResponse = z.output<typeof modelResponse>;

const ENDS = ['response.completed', 'response.incomplete', 'response.failed'] as const;
const at = { sequence_number: z.int(), item_id: z.string(), output_index: z.int(), content_index: z.int() };
const ofItem = { sequence_number: at.sequence_number, item_id: at.item_id, output_index: at.output_index };

/** [spec] ResponseStreamEvent, those of text and of proposed calls. */
export const responseEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['response.created', 'response.in_progress', 'response.queued', ...ENDS]),
    sequence_number: z.int(),
    response: modelResponse,
  }),
  z.object({
    type: z.enum(['response.output_item.added', 'response.output_item.done']),
    sequence_number: z.int(),
    output_index: z.int(),
    item: outputItem,
  }),
  z.object({ type: z.enum(['response.content_part.added', 'response.content_part.done']), ...at, part }),
  z.object({ type: z.enum(['response.output_text.delta', 'response.refusal.delta']), ...at, delta: z.string() }),
  z.object({ type: z.literal('response.output_text.done'), ...at, text: z.string() }),
  z.object({ type: z.literal('response.refusal.done'), ...at, refusal: z.string() }),
  z.object({ type: z.literal('response.function_call_arguments.delta'), ...ofItem, delta: z.string() }),
  z.object({
    type: z.literal('response.function_call_arguments.done'),
    ...ofItem,
    name: z.string().optional(),
    arguments: z.string(),
  }),
]);

export type ResponseEvent = z.output<typeof responseEvent>;

/** The whole answer, where a piece has it. */
export function endOf(event: ResponseEvent): ModelResponse | undefined {
  return 'response' in event && ENDS.some((type) => type === event.type) ? event.response : undefined;
}
