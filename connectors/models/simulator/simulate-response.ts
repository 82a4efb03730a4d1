import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';
import { SEED } from './seed.ts';
import { answerTo, eventStream, listOf, type SimulatedAnswer, textOf } from './simulated-answer.ts';

/** `POST /responses`, whole or as a stream. */
export function simulateResponse(body: JsonObject, id: string, createdSeconds: number): SimulatorResponse {
  const { input } = body;
  const texts =
    typeof input === 'string' ? [input] : listOf(input).map((item) => textOf(item['content'] ?? item['output']));
  const answer = answerTo({
    id,
    model: String(body['model']),
    texts: [textOf(body['instructions']), ...texts],
    tools: listOf(body['tools']).map(({ name }) => String(name)),
    maxTokens: Number(body['max_output_tokens'] ?? 1_000),
  });
  const output = outputOf(answer);
  const head = { id: `resp_${id}`, object: 'response', created_at: createdSeconds, model: answer.model };
  const whole = { ...head, status: 'completed', error: null, incomplete_details: null, output, ...usageOf(answer) };
  if (body['stream'] !== true) return { status: 200, body: whole };
  return eventStream(eventsOf(answer, { whole, begun: { ...head, status: 'in_progress', output: [] } }));
}

function outputOf({ id, text, calls }: SimulatedAnswer): JsonObject[] {
  if (calls.length > 0)
    return calls.map(({ id: call_id, name, arguments: given }) => ({
      type: 'function_call',
      id: `fc_${call_id}`,
      call_id,
      name,
      arguments: given,
      status: 'completed',
    }));
  const content = [{ type: 'output_text', text, annotations: [] }];
  return [{ type: 'message', id: `msg_${id}`, role: 'assistant', status: 'completed', content }];
}

function usageOf({ usage }: SimulatedAnswer): JsonObject {
  if (usage === undefined) return {};
  const { prompt, completion } = usage;
  return { usage: { input_tokens: prompt, output_tokens: completion, total_tokens: prompt + completion } };
}

function eventsOf(
  answer: SimulatedAnswer,
  { whole, begun }: { readonly whole: JsonObject; readonly begun: JsonObject },
): readonly string[] {
  const output = listOf(whole['output']);
  const items = output.map((item, output_index) => itemEvents(answer, item, output_index));
  const events: readonly JsonObject[] = [
    { type: 'response.created', response: begun },
    ...items.flatMap(({ before }) => before),
    ...(answer.model === SEED.models.broken
      ? []
      : [...items.flatMap(({ after }) => after), { type: 'response.completed', response: whole }]),
  ];
  return events.map(
    (event, sequence_number) =>
      `event: ${String(event['type'])}\ndata: ${JSON.stringify({ ...event, sequence_number })}`,
  );
}

/** One item grows piece by piece, and is then said to be whole. */
function itemEvents(
  { text }: SimulatedAnswer,
  item: JsonObject,
  output_index: number,
): { readonly before: readonly JsonObject[]; readonly after: readonly JsonObject[] } {
  const at = { output_index, item_id: String(item['id']) };
  const done = { type: 'response.output_item.done', output_index, item };
  if (item['type'] === 'function_call') {
    const added = { type: 'response.output_item.added', output_index, item: { ...item, arguments: '' } };
    const given = { type: 'response.function_call_arguments.delta', ...at, delta: String(item['arguments']) };
    return { before: [added, given], after: [done] };
  }
  const part = { type: 'output_text', text: '', annotations: [] };
  const place = { ...at, content_index: 0 };
  const deltas = text
    .split(/(?<= )/)
    .map((delta) => ({ type: 'response.output_text.delta', ...place, delta, logprobs: [] }));
  return {
    before: [
      { type: 'response.output_item.added', output_index, item: { ...item, content: [] } },
      { type: 'response.content_part.added', ...place, part },
      ...deltas,
    ],
    after: [
      { type: 'response.output_text.done', ...place, text, logprobs: [] },
      { type: 'response.content_part.done', ...place, part: { ...part, text } },
      done,
    ],
  };
}

/** The texts of an `input` that is one or several. */
export function inputsOf({ input }: JsonObject): readonly string[] {
  return Array.isArray(input)
    ? input.map((each) => (isJsonObject(each) ? textOf([each]) : String(each)))
    : [String(input)];
}
