import { z } from 'zod';
import { type ExecutionContext, type ExecutionResult, writeOperation } from '../../../src/connector/contract.ts';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { type ChatChunk, type ChatCompletion, chatChunk, chatCompletion } from '../completion.ts';
import { once, spec } from '../evidence.ts';
import { joinChunks } from '../join-chunks.ts';
import { type ChatInput, chatInput } from '../prompt.ts';
import { modelOf, proposalOf } from '../resources.ts';
import { basePathOf, type ModelsSettings } from '../settings.ts';
import { inputTokensAtMost, modelCall, outputTokensAtMost, spendOf } from '../spending.ts';
import { type StreamDialect, streamed } from '../streamed.ts';
import { wholeBody } from '../whole-body.ts';

/** A prompt and its answer, whole or piece by piece. */
export function chatOperation(settings: ModelsSettings) {
  return writeOperation({
    name: 'models.chat.complete',
    description: 'Sends a conversation to a model; what the model proposes to call is called by nobody.',
    activity: 'model',
    input: chatInput,
    output: chatCompletion,
    facets: {
      schema: z.object({ toolNames: z.array(z.string()), roles: z.array(z.string()), maxOutputTokens: z.int() }),
      of: (input) => ({
        toolNames: (input.tools ?? []).map((tool) => tool.function.name),
        roles: [...new Set(input.messages.map(({ role }) => role))],
        maxOutputTokens: outputOf(settings, input),
      }),
    },
    resourceTypes: ['Models::Model', 'Models::ToolCall'],
    resources: ({ model }) => modelOf(model),
    touched: ({ choices }) =>
      choices
        .filter(isWhole)
        .flatMap(({ message }) => (message.tool_calls ?? []).map((call) => proposalOf(call.function.name, call.id))),
    provenance: {
      arguments: { model: 'flag', messages: 'content', tools: 'flag', metadata: 'content', response_format: 'flag' },
      returns: { default: 'others' },
      asked: ['ask', 'summarise', 'summarize', 'explain', 'translate', 'classify', 'draft'],
    },
    effect: (input) => modelCall(settings, input.model, { input: inputOf(input), output: outputOf(settings, input) }),
    effectKinds: ['spend'],
    repeat: once('POST /chat/completions'),
    streams: true,
    execute: (input, context) => complete(settings, input, context),
    undo: { none: 'A prompt that was sent and an answer that was billed cannot be taken back.' },
    evidence: [
      spec('POST /chat/completions (createChatCompletion)'),
      { mark: 'mem', source: 'Databricks: POST /serving-endpoints/chat/completions; unverified' },
    ],
  });
}

function inputOf({ messages, tools = [], response_format }: ChatInput): number {
  return inputTokensAtMost([messages, tools, response_format ?? null], messages.length + tools.length);
}

function outputOf(settings: ModelsSettings, input: ChatInput): number {
  const asked = input.max_completion_tokens ?? input.max_tokens;
  return outputTokensAtMost(settings, input.model, asked) * (input.n ?? 1);
}

/** What is sent: the limit that was reserved is always said, and so is that nothing is to be kept. */
function callOf(settings: ModelsSettings, input: ChatInput, streaming: JsonObject): HttpCall {
  const { max_completion_tokens, max_tokens, ...rest } = input;
  const limit = outputTokensAtMost(settings, input.model, max_completion_tokens ?? max_tokens);
  const isOld = settings.dialect === 'databricks' || (max_completion_tokens == null && max_tokens != null);
  const body = {
    ...rest,
    [isOld ? 'max_tokens' : 'max_completion_tokens']: limit,
    ...(settings.dialect === 'databricks' ? {} : { store: input.store ?? false }),
    ...streaming,
  };
  // zod leaves undefined members, which JSON does not have; everything else is the schema's own.
  return { method: 'POST', path: `${basePathOf(settings)}/chat/completions`, body: body as JsonObject };
}

const CHUNKS: StreamDialect<ChatChunk> = {
  parse: (data) => chatChunk.parse(data) as ChatChunk & JsonObject,
  ends: () => false,
  failed: (data) => (Object.hasOwn(data, 'error') ? 'The model server reported an error in mid-stream.' : undefined),
};

async function complete(
  settings: ModelsSettings,
  input: ChatInput,
  context: ExecutionContext,
): Promise<ExecutionResult> {
  if (context.deliver === undefined) {
    const whole = httpExecution<ChatInput>({
      request: () => callOf(settings, input, {}),
      repeatable: false,
      result: wholeBody,
    });
    const result = await whole(input, context);
    return result.status === 'succeeded' ? settled(settings, input, result.result) : result;
  }
  const call = callOf(settings, input, { stream: true, stream_options: { include_usage: true } });
  const read = await streamed(call, context, CHUNKS);
  if (!('pieces' in read)) return read;
  if (read.pieces.length === 0)
    return { status: 'unknown', code: 'RESPONSE_UNEXPECTED', detail: 'The stream had no piece of an answer.' };
  const completion = joinChunks(read.pieces);
  if (completion.choices.some(({ finish_reason: reason }) => reason === null))
    return { status: 'unknown', code: 'OUTCOME_UNKNOWN', detail: 'The stream ended before each choice was whole.' };
  return settled(settings, input, completion);
}

/** [spec] `length` and `content_filter` leave a choice where it was: the arguments of its calls end in the middle. */
function isWhole({ finish_reason: reason }: ChatCompletion['choices'][number]): boolean {
  return reason !== null && reason !== 'length' && reason !== 'content_filter';
}

/** An answer that does not say what it took leaves all that was reserved taken. */
function settled(settings: ModelsSettings, { model }: ChatInput, result: unknown): ExecutionResult {
  const usage = (chatCompletion.safeParse(result).data as ChatCompletion | undefined)?.usage;
  if (usage === undefined) return { status: 'succeeded', result };
  const tokens = { input: usage.prompt_tokens, output: usage.completion_tokens };
  return { status: 'succeeded', result, spent: spendOf(settings, model, tokens) };
}
