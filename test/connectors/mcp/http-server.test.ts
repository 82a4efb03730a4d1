import { writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import mcp, { listServerTools, pinOf } from '../../../connectors/mcp/index.ts';
import { BOUNDS } from '../../../src/lib/bounds.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { environment, governedMcp, scratch } from './governed-mcp.ts';
import { obedientServer } from './obedient-server.ts';

interface Listening {
  readonly url: string;
  readonly seen: readonly IncomingHttpHeaders[];
  readonly calls: readonly string[];
  /** Answers the next requests instead of the MCP server. */
  answer: ((response: import('node:http').ServerResponse) => void) | undefined;
}

/** The obedient server over streamable HTTP; `legacy: false` speaks 2026-07-28 only. */
async function listening(toolsFile: string): Promise<Listening> {
  const seen: IncomingHttpHeaders[] = [];
  const calls: string[] = [];
  const handler = createMcpHandler(() => obedientServer({ toolsFile, onCall: (name) => calls.push(name) }));
  const state: Listening = { url: '', seen, calls, answer: undefined };
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

async function behindHttp(effect: JsonObject = { kind: 'execute' }) {
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

test('a server over streamable HTTP is called with its own credential, and 2026-07-28 is spoken where it can be', async () => {
  const { server, settings } = await behindHttp();
  const { run } = await governedMcp(settings);
  expect((await run('test.tool.note', { say: 'hello' })).outcome).toMatchObject({
    status: 'succeeded',
    result: { content: [{ text: 'hello' }] },
  });
  expect(new Set(server.seen.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer upstream-secret']));
  expect(server.seen.at(-1)).toMatchObject({
    'mcp-method': 'tools/call',
    'mcp-name': 'note',
    'mcp-protocol-version': '2026-07-28',
  });
});

test('a redirect is not followed, and nothing is sent to where it leads', async () => {
  const { settings, server } = await behindHttp();
  const { run } = await governedMcp(settings);
  const other = await behindHttp();
  const before = other.server.seen.length;
  server.answer = (response) => response.writeHead(307, { location: other.server.url }).end();
  expect((await run('test.tool.note', { say: 'x' })).outcome).toMatchObject({
    status: 'failed',
    code: 'ORIGIN_LOCKED',
  });
  expect(other.server.seen.length).toBe(before);
});

const STATUSES = [
  { status: 401, outcome: 'failed', code: 'CREDENTIAL_REFUSED' },
  { status: 403, outcome: 'failed', code: 'CREDENTIAL_REFUSED' },
  { status: 404, outcome: 'failed', code: 'SYSTEM_UNAVAILABLE' },
  { status: 429, outcome: 'failed', code: 'RATE_LIMITED' },
  { status: 500, outcome: 'unknown', code: 'OUTCOME_UNKNOWN' },
  { status: 503, outcome: 'unknown', code: 'OUTCOME_UNKNOWN' },
] as const;
for (const { status, outcome, code } of STATUSES) {
  test(`a write answered with ${status} is ${outcome}`, async () => {
    const { settings, server } = await behindHttp();
    const { run } = await governedMcp(settings);
    server.answer = (response) => response.writeHead(status).end('no');
    expect((await run('test.tool.note', { say: 'x' })).outcome).toMatchObject({ status: outcome, code });
    expect(server.calls).toEqual([]);
  });
}

test('a write whose connection is cut is unknown; a read has failed; the next call works', async () => {
  for (const [kind, status] of [
    ['execute', 'unknown'],
    ['read', 'failed'],
  ] as const) {
    const { settings, server } = await behindHttp({ kind });
    const { run } = await governedMcp(settings);
    server.answer = (response) => response.destroy();
    expect((await run('test.tool.note', { say: 'x' })).outcome.status).toBe(status);
    server.answer = undefined;
    expect((await run('test.tool.note', { say: 'x' })).outcome.status).toBe('succeeded');
  }
});

test('an answer without end is cut off', async () => {
  const { settings, server } = await behindHttp();
  const { run } = await governedMcp(settings);
  const block = Buffer.alloc(1_048_576, 'x');
  server.answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('"');
    let left = 2 * (BOUNDS.responseBytes / block.length);
    const more = (): void => {
      if (left-- <= 0) response.end('"');
      else if (!response.write(block)) response.once('drain', more);
      else more();
    };
    more();
  };
  expect((await run('test.tool.note', { say: 'x' })).outcome.status).toBe('unknown');
});
