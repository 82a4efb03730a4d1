import { z } from 'zod';
import { type ExecutionContext, type ExecutionResult, writeOperation } from '../../../src/connector/contract.ts';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { once, spec } from '../evidence.ts';
import { modelOf, proposalOf } from '../resources.ts';
import { type ResponseInput, responseInput } from '../response-input.ts';
import { endOf, modelResponse, type ResponseEvent, responseEvent } from '../response-output.ts';
import { basePathOf, type ModelsSettings } from '../settings.ts';
import { inputTokensAtMost, modelCall, outputTokensAtMost, spendOf } from '../spending.ts';
import { type StreamDialect, streamed } from '../streamed.ts';
import { wholeBody } from '../whole-body.ts';

/** The newer form of a conversation. */
export function responseOperation(settings: ModelsSettings) {
  return writeOperation({
    name: 'models.response.create',
    description: 'Sends a conversation to a model; what the model proposes to call is called by nobody.',
    activity: 'model',
    input: responseInput,
    output: modelResponse,
    facets: {
      schema: z.object({ toolNames: z.array(z.string()), maxOutputTokens: z.int() }),
      of: (input) => ({
        toolNames: (input.tools ?? []).map(({ name }) => name),
        maxOutputTokens: outputTokensAtMost(settings, input.model, input.max_output_tokens),
      }),
    },
    resourceTypes: ['Models::Model', 'Models::ToolCall'],
    resources: ({ model }) => modelOf(model),
    touched: ({ output }) =>
      output.flatMap((item) =>
        item.type === 'function_call' && (item.status ?? 'completed') === 'completed'
          ? [proposalOf(item.name, item.call_id)]
          : [],
      ),
    provenance: {
      arguments: { model: 'flag', input: 'content', instructions: 'content', tools: 'flag', metadata: 'content' },
      returns: { default: 'others' },
      asked: ['ask', 'summarise', 'summarize', 'explain', 'translate', 'classify', 'draft'],
    },
    effect: (input) =>
      modelCall(settings, input.model, {
        input: inputOf(input),
        output: outputTokensAtMost(settings, input.model, input.max_output_tokens),
      }),
    effectKinds: ['spend'],
    repeat: once('POST /responses'),
    streams: true,
    execute: (input, context) => create(settings, input, context),
    undo: { none: 'A prompt that was sent and an answer that was billed cannot be taken back.' },
    evidence: [spec('POST /responses (createResponse)')],
  });
}

function inputOf({ input, instructions = null, tools = [], text = {} }: ResponseInput): number {
  const items = Array.isArray(input) ? input.length : 1;
  return inputTokensAtMost([input, instructions, tools, text], items + tools.length);
}

function callOf(settings: ModelsSettings, input: ResponseInput, streaming: JsonObject): HttpCall {
  const body = {
    ...input,
    max_output_tokens: outputTokensAtMost(settings, input.model, input.max_output_tokens),
    store: input.store ?? false,
    ...streaming,
  };
  return { method: 'POST', path: `${basePathOf(settings)}/responses`, body: body as JsonObject }; // the schema's own fields
}

const EVENTS: StreamDialect<ResponseEvent> = {
  parse: (data) => responseEvent.parse(data) as ResponseEvent & JsonObject,
  ends: (event) => endOf(event) !== undefined,
  failed: ({ type }) => (type === 'error' ? 'The model server reported an error in mid-stream.' : undefined),
};

async function create(
  settings: ModelsSettings,
  input: ResponseInput,
  context: ExecutionContext,
): Promise<ExecutionResult> {
  if (context.deliver === undefined) {
    const whole = httpExecution<ResponseInput>({
      request: () => callOf(settings, input, {}),
      repeatable: false,
      result: wholeBody,
    });
    const result = await whole(input, context);
    return result.status === 'succeeded' ? settled(settings, input, result.result) : result;
  }
  const read = await streamed(callOf(settings, input, { stream: true }), context, EVENTS);
  if (!('pieces' in read)) return read;
  const end = read.pieces.map(endOf).find((response) => response !== undefined);
  if (end === undefined)
    return { status: 'unknown', code: 'RESPONSE_UNEXPECTED', detail: 'The stream did not end with an answer.' };
  return settled(settings, input, end);
}

/** An answer that does not say what it took leaves all that was reserved taken. */
function settled(settings: ModelsSettings, { model }: ResponseInput, result: unknown): ExecutionResult {
  const usage = modelResponse.safeParse(result).data?.usage ?? undefined;
  if (usage === undefined) return { status: 'succeeded', result };
  const tokens = { input: usage.input_tokens, output: usage.output_tokens };
  return { status: 'succeeded', result, spent: spendOf(settings, model, tokens) };
}
