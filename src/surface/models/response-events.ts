import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { type EventDialect, serverSentEvent } from './event-dialect.ts';

/** The newer conversations: every event has its type as its name, a number, and the last one the whole answer. */
export const RESPONSE_EVENTS: EventDialect = {
  piece: (piece) => named(piece),
  whole: (response) => {
    const items = listOf(response['output']);
    const events: JsonObject[] = [
      { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
      ...items.flatMap(eventsOf),
      { type: ENDS[String(response['status'])] ?? 'response.completed', response },
    ];
    return events.map((event, sequence_number) => named({ ...event, sequence_number }));
  },
  end: '',
  error: ({ code, message }) => named({ type: 'error', code, message, param: null, sequence_number: 0 }),
};

const ENDS: Readonly<Record<string, string>> = { incomplete: 'response.incomplete', failed: 'response.failed' };

function named(event: JsonObject): string {
  return serverSentEvent(JSON.stringify(event), String(event['type']));
}

function eventsOf(item: JsonObject, output_index: number): readonly JsonObject[] {
  const at = { output_index, item_id: String(item['id'] ?? '') };
  const inside =
    item['type'] === 'function_call'
      ? argumentsOf(item, at)
      : listOf(item['content']).flatMap((part, content_index) => partOf(part, { ...at, content_index }));
  return [
    { type: 'response.output_item.added', output_index, item: begun(item) },
    ...inside,
    { type: 'response.output_item.done', output_index, item },
  ];
}

/** The item before anything stands in it. */
function begun(item: JsonObject): JsonObject {
  if (item['type'] === 'function_call') return { ...item, arguments: '', status: 'in_progress' };
  return item['type'] === 'message' ? { ...item, content: [], status: 'in_progress' } : item;
}

function argumentsOf(item: JsonObject, at: JsonObject): readonly JsonObject[] {
  const given = String(item['arguments'] ?? '');
  return [
    { type: 'response.function_call_arguments.delta', ...at, delta: given },
    { type: 'response.function_call_arguments.done', ...at, name: String(item['name'] ?? ''), arguments: given },
  ];
}

function partOf(part: JsonObject, at: JsonObject): readonly JsonObject[] {
  const kind = part['type'] === 'refusal' ? 'refusal' : 'output_text';
  const field = kind === 'refusal' ? 'refusal' : 'text';
  const text = String(part[field] ?? '');
  return [
    { type: 'response.content_part.added', ...at, part: { ...part, [field]: '' } },
    { type: `response.${kind}.delta`, ...at, delta: text },
    { type: `response.${kind}.done`, ...at, [field]: text },
    { type: 'response.content_part.done', ...at, part },
  ];
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
