import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { type EventDialect, serverSentEvent } from './event-dialect.ts';

/** Conversations: chunks without a name, and `[DONE]`. */
export const CHAT_EVENTS: EventDialect = {
  piece: (chunk, includeUsage) => {
    if (includeUsage || !Object.hasOwn(chunk, 'usage')) return event(chunk);
    // The usage is asked for in every case, to settle what was reserved.
    const { usage: _, ...rest } = chunk;
    return listOf(rest['choices']).length === 0 ? undefined : event(rest);
  },
  whole: (completion, includeUsage) => {
    const { choices, usage, ...head } = completion;
    const chunk = (parts: Json, more: JsonObject = {}): string =>
      event({ ...head, object: 'chat.completion.chunk', choices: parts, ...more });
    const said = listOf(choices).flatMap((choice) => {
      const { index = 0, finish_reason = null, message } = choice;
      return [
        chunk([{ index, delta: deltaOf(isJsonObject(message) ? message : {}), finish_reason: null }]),
        chunk([{ index, delta: {}, finish_reason }]),
      ];
    });
    return includeUsage && usage !== undefined ? [...said, chunk([], { usage })] : said;
  },
  end: serverSentEvent('[DONE]'),
  error: (error) => serverSentEvent(JSON.stringify({ error })),
};

function event(chunk: JsonObject): string {
  return serverSentEvent(JSON.stringify(chunk));
}

/** A message as one piece; the calls that it proposes have places in a stream. */
function deltaOf({ tool_calls: calls, ...message }: JsonObject): JsonObject {
  if (calls === undefined) return message;
  return { ...message, tool_calls: listOf(calls).map((call, index) => ({ index, ...call })) };
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
