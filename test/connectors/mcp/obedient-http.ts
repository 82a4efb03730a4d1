import { writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import mcp, { listServerTools, pinOf } from '../../../connectors/mcp/index.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { environment, scratch } from './governed-mcp.ts';
import { obedientServer } from './obedient-server.ts';

export interface Listening {
  readonly url: string;
  readonly seen: readonly IncomingHttpHeaders[];
  readonly calls: readonly string[];
  /** Resolves when the tool is called for the first time. */
  readonly called: Promise<void>;
  /** Answers the next requests instead of the MCP server. */
  answer: ((response: ServerResponse) => void) | undefined;
}

/** The obedient server over streamable HTTP, in both protocol generations. */
async function listening(toolsFile: string): Promise<Listening> {
  const seen: IncomingHttpHeaders[] = [];
  const calls: string[] = [];
  const called = Promise.withResolvers<void>();
  const onCall = (name: string) => {
    calls.push(name);
    called.resolve();
  };
  const handler = createMcpHandler(() => obedientServer({ toolsFile, onCall }));
  const state: Listening = { url: '', seen, calls, called: called.promise, answer: undefined };
  const server: Server = createServer(async (request, response) => {
    seen.push(request.headers);
    if (state.answer !== undefined) return state.answer(response);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const body = chunks.length === 0 ? null : Buffer.concat(chunks);
    const answer = await handler.fetch(
      new Request(`http://${request.headers.host}${request.url}`, { method: request.method ?? 'GET', headers, body }),
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body === null) response.end();
    else Readable.fromWeb(answer.body as import('node:stream/web').ReadableStream).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await handler.close();
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(state, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp` });
}

/** Settings for the obedient server over streamable HTTP, with its own credential and its one tool classified and pinned. */
export async function behindHttp(effect: JsonObject = { kind: 'execute' }) {
  const folder = scratch();
  const toolsFile = join(folder, 'tools.json');
  const manifest = join(folder, 'manifest.yaml');
  writeFileSync(toolsFile, JSON.stringify([{ name: 'note' }]));
  const server = await listening(toolsFile);
  const settings = { url: server.url, credential: { secret: 'upstream-secret' } };
  const [note] = await listServerTools(mcp.settings.parse(settings), { ...environment(), system: 'test' });
  if (note === undefined) throw new Error('the server lists nothing');
  writeFileSync(manifest, stringify({ tools: { note: { effect, pin: pinOf(note) } } }));
  return { server, settings: { ...settings, manifest } };
}
