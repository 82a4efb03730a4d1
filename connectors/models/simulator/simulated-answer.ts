import { isJsonObject, type Json, type JsonObject } from '../../../src/lib/json.ts';
import { SEED, tokensIn } from './seed.ts';

/** What the simulated model says to a conversation. */
export interface SimulatedAnswer {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly finish: 'stop' | 'length' | 'tool_calls';
  readonly usage: { readonly prompt: number; readonly completion: number } | undefined;
}

interface Asked {
  readonly id: string;
  readonly model: string;
  /** All text of the conversation, and its last message. */
  readonly texts: readonly string[];
  readonly tools: readonly string[];
  readonly maxTokens: number;
}

/** It repeats the last message; where that says "use NAME" it proposes to call the function. Every word is a token. */
export function answerTo({ id, model, texts, tools, maxTokens }: Asked): SimulatedAnswer {
  const last = texts.at(-1) ?? '';
  const named = tools.filter((name) => last.includes(`use ${name}`));
  const calls = named.map((name, index) => ({
    id: `call_${id.slice(0, 8)}${index}`,
    name,
    arguments: '{"why":"it said so"}',
  }));
  const words = `You said: ${last}`.split(' ');
  const kept = words.slice(0, maxTokens);
  const text = calls.length > 0 ? '' : kept.join(' ');
  const prompt = texts.reduce((sum, each) => sum + tokensIn(each) + 4, 0);
  const completion = calls.length > 0 ? calls.length * 6 : Math.min(tokensIn(text), maxTokens);
  return {
    id,
    model,
    text,
    calls,
    finish: calls.length > 0 ? 'tool_calls' : kept.length < words.length ? 'length' : 'stop',
    usage: model === SEED.models.silent ? undefined : { prompt, completion },
  };
}

/** The text of a message's content, a string or parts. */
export function textOf(content: Json | undefined): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isJsonObject(part) ? String(part['text'] ?? '') : '')).join('');
}

export function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** A body of server-sent events, as one text. */
export function eventStream(events: readonly string[]) {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    body: events.map((event) => `${event}\n\n`).join(''),
  };
}
