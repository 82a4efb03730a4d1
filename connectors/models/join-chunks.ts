import type { ChatChunk, ChatCompletion } from './completion.ts';

type Choice = ChatCompletion['choices'][number];
type Delta = ChatChunk['choices'][number]['delta'];
type ToolCall = { id: string; type: 'function'; function: { name: string; arguments: string } };

interface Growing {
  finish_reason: string | null;
  content: string | undefined;
  refusal: string | undefined;
  readonly calls: Map<number, ToolCall>;
}

/** The answer that a stream's chunks come to: the same as without streaming. Throws where there are none. */
export function joinChunks(chunks: readonly ChatChunk[]): ChatCompletion {
  const [first] = chunks;
  if (first === undefined) throw new TypeError('a stream without a chunk is no answer');
  const choices = new Map<number, Growing>();
  for (const { choices: parts } of chunks) {
    for (const { index, delta, finish_reason } of parts) {
      const growing = choices.get(index) ?? newChoice();
      choices.set(index, growing);
      grow(growing, delta);
      growing.finish_reason = finish_reason ?? growing.finish_reason;
    }
  }
  const usage = chunks.findLast((chunk) => chunk.usage != null)?.usage ?? undefined;
  const { id, created, model, system_fingerprint } = first;
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [...choices].sort(([a], [b]) => a - b).map(([index, growing]) => choiceOf(index, growing)),
    ...(usage === undefined ? {} : { usage }),
    ...(system_fingerprint == null ? {} : { system_fingerprint }),
  };
}

function newChoice(): Growing {
  return { finish_reason: null, content: undefined, refusal: undefined, calls: new Map() };
}

function grow(growing: Growing, { content, refusal, tool_calls = [] }: Delta): void {
  if (content != null) growing.content = (growing.content ?? '') + content;
  if (refusal != null) growing.refusal = (growing.refusal ?? '') + refusal;
  for (const { index, id, function: part } of tool_calls) {
    const call: ToolCall = growing.calls.get(index) ?? {
      id: '',
      type: 'function',
      function: { name: '', arguments: '' },
    };
    growing.calls.set(index, call);
    call.id = id ?? call.id;
    call.function.name += part?.name ?? '';
    call.function.arguments += part?.arguments ?? '';
  }
}

function choiceOf(index: number, { finish_reason, content, refusal, calls }: Growing): Choice {
  const tool_calls = [...calls].sort(([a], [b]) => a - b).map(([, call]) => call);
  return {
    index,
    finish_reason,
    message: {
      role: 'assistant',
      content: content ?? null,
      refusal: refusal ?? null,
      ...(tool_calls.length === 0 ? {} : { tool_calls }),
    },
  };
}
