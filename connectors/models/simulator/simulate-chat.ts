import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/lib/json.ts';
import { SEED } from './seed.ts';
import { answerTo, eventStream, listOf, type SimulatedAnswer, textOf } from './simulated-answer.ts';

/** `POST /chat/completions`, whole or as a stream. */
export function simulateChat(body: JsonObject, id: string, createdSeconds: number): SimulatorResponse {
  const answer = answerTo({
    id,
    model: String(body['model']),
    texts: listOf(body['messages']).map(({ content }) => textOf(content)),
    tools: listOf(body['tools']).flatMap(({ function: called }) =>
      isJsonObject(called) ? [String(called['name'])] : [],
    ),
    maxTokens: Number(body['max_completion_tokens'] ?? body['max_tokens'] ?? 1_000),
  });
  const head = { id: `chatcmpl-${answer.id}`, created: createdSeconds, model: answer.model };
  if (body['stream'] === true) return eventStream(chunksOf(answer, head, includesUsage(body)));
  const choices = Array.from({ length: Number(body['n'] ?? 1) }, (_, index) => ({
    index,
    finish_reason: answer.finish,
    logprobs: null,
    message: messageOf(answer),
  }));
  return { status: 200, body: { object: 'chat.completion', ...head, choices, ...usageOf(answer) } };
}

function includesUsage({ stream_options: options }: JsonObject): boolean {
  return isJsonObject(options) && options['include_usage'] === true;
}

function messageOf({ text, calls }: SimulatedAnswer): JsonObject {
  const message = { role: 'assistant', content: calls.length > 0 ? null : text, refusal: null, annotations: [] };
  return calls.length === 0 ? message : { ...message, tool_calls: calls.map(toolCall) };
}

function toolCall({ id, name, arguments: given }: SimulatedAnswer['calls'][number]): JsonObject {
  return { id, type: 'function', function: { name, arguments: given } };
}

function usageOf({ usage }: SimulatedAnswer): JsonObject {
  if (usage === undefined) return {};
  const { prompt, completion } = usage;
  return { usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion } };
}

function chunksOf(answer: SimulatedAnswer, head: JsonObject, withUsage: boolean): readonly string[] {
  const data = (choices: Json, more: JsonObject = {}): string =>
    `data: ${JSON.stringify({ object: 'chat.completion.chunk', ...head, choices, ...more })}`;
  const delta = (part: JsonObject, finish: string | null = null): string =>
    data([{ index: 0, delta: part, logprobs: null, finish_reason: finish }]);
  const words = answer.text === '' ? [] : answer.text.split(/(?<= )/);
  const said = [
    delta({ role: 'assistant', content: '', refusal: null }),
    ...words.map((content) => delta({ content })),
    ...answer.calls.flatMap((call, index) => [
      delta({ tool_calls: [{ index, ...toolCall({ ...call, arguments: '' }) }] }),
      delta({ tool_calls: [{ index, function: { arguments: call.arguments } }] }),
    ]),
  ];
  if (answer.model === SEED.models.broken) return said.slice(0, 3);
  const usage = withUsage && answer.usage !== undefined ? [data([], usageOf(answer))] : [];
  return [...said, delta({}, answer.finish), ...usage, 'data: [DONE]'];
}
