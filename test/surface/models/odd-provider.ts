import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { JsonObject } from '../../../src/lib/json.ts';
import { modelsWorld } from '../../connectors/models/models-world.ts';

export type OddAnswer = (response: ServerResponse, nth: number) => void;

const HEAD = { id: 'chatcmpl-1', created: 1, model: 'gpt-4o-mini' };
const JSON_TYPE = { 'content-type': 'application/json' };

/** A gateway in front of a provider that answers whatever the test says, and counts how often it was asked. */
export async function oddWorld(answer: OddAnswer, options: Parameters<typeof modelsWorld>[0] = {}) {
  const asked: string[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    asked.push(body);
    answer(response, asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const settings = (simulator: { settings: JsonObject }) => ({
    ...simulator.settings,
    origin: `http://127.0.0.1:${port}`,
  });
  return { ...(await modelsWorld({ settings, ...options })), asked };
}

/** A status with the provider's words for it. */
export function refuses(status: number, code: string, headers: Record<string, string> = {}): OddAnswer {
  return (response) => {
    const error = { message: `It is ${code}.`, type: code, param: null, code };
    response.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify({ error }));
  };
}

export function answersText(text: string, type = 'application/json'): OddAnswer {
  return (response) => response.writeHead(200, { 'content-type': type }).end(text);
}

export function answersChoices(choices: readonly JsonObject[], usage?: JsonObject): OddAnswer {
  const whole = choices.map((message, index) => ({ index, finish_reason: 'stop', message }));
  return answersText(JSON.stringify({ object: 'chat.completion', ...HEAD, choices: whole, usage }));
}

/** The pieces of a stream; `cut` closes the connection after them, and otherwise the stream ends as one should. */
export function streams(
  deltas: readonly JsonObject[],
  end: 'done' | 'cut' | 'silent',
  more: JsonObject = {},
): OddAnswer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const choice of deltas) response.write(`data: ${chunk([choice])}\n\n`);
    if (Object.keys(more).length > 0) response.write(`data: ${chunk([], more)}\n\n`);
    if (end === 'done') response.end('data: [DONE]\n\n');
    else if (end === 'silent') response.end();
    else response.write('data: {"id":"chat', () => response.destroy());
  };
}

function chunk(choices: readonly JsonObject[], more: JsonObject = {}): string {
  return JSON.stringify({ object: 'chat.completion.chunk', ...HEAD, choices, ...more });
}
