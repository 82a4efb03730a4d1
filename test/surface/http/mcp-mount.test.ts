import { afterEach, expect, test } from 'vitest';
import type { McpContext } from '../../../src/surface/http/register-mcp.ts';
import { type Harness, request, startHarness } from './harness.ts';
import { listen } from './raw-client.ts';

let harness: Harness;
afterEach(() => harness.close());

interface Seen {
  readonly request: Request;
  readonly context: McpContext;
}

async function mount(answer: (seen: Seen) => Response): Promise<Seen[]> {
  const seen: Seen[] = [];
  harness = await startHarness({
    async mcp(sent, context) {
      seen.push({ request: sent, context });
      return answer({ request: sent, context });
    },
  });
  return seen;
}

test('an MCP request arrives with its caller, strictly parsed and without its credential', async () => {
  const seen = await mount(() => Response.json({ ok: true }, { status: 202, headers: { 'mcp-session-id': 's1' } }));
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  const sent = request('POST', '/mcp', harness.agent.token, body);
  const response = await harness.app.inject({ ...sent, headers: { ...sent.headers, 'mcp-method': 'tools/list' } });
  expect([response.statusCode, response.json(), response.headers['mcp-session-id']]).toEqual([202, { ok: true }, 's1']);
  expect(seen[0]?.context.body).toEqual(body);
  expect(seen[0]?.context.caller).toMatchObject({ kind: 'agent', principal: { agent: 'planner' } });
  expect(await seen[0]?.request.json()).toEqual(body);
  expect(seen[0]?.request.headers.get('mcp-method')).toBe('tools/list');
  expect(seen[0]?.request.headers.get('authorization')).toBeNull();
});

test.each([
  ['without a credential', (h: Harness) => request('POST', '/mcp', undefined, h.agent.session), 'UNAUTHENTICATED'],
  ['with a duplicate key', (h: Harness) => request('POST', '/mcp', h.agent.token, '{"id":1,"id":2}'), 'DUPLICATE_KEY'],
  ['beside its path', (h: Harness) => request('POST', '/mcp/other', h.agent.token, {}), 'NOT_FOUND'],
])('an MCP request %s does not arrive', async (_how, sent, code) => {
  const seen = await mount(() => Response.json({}));
  expect((await harness.app.inject(sent(harness))).json().code).toBe(code);
  expect(seen).toEqual([]);
});

test('an MCP stream flows as it is written, and ends when the server closes', async () => {
  await mount(({ request: { signal } }) => {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('event: message\ndata: 1\n\n'));
        signal.addEventListener('abort', () => controller.close());
      },
    });
    return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
  });
  const port = await listen(harness.app);
  const headers = { authorization: `Bearer ${harness.agent.token}` };
  const response = await fetch(`http://127.0.0.1:${port}/mcp`, { headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe('event: message\ndata: 1\n\n');
  await harness.close();
  expect((await reader?.read())?.done).toBe(true);
});

test('without an MCP surface there is nothing at /mcp', async () => {
  harness = await startHarness();
  expect((await harness.app.inject(request('POST', '/mcp', harness.agent.token, {}))).statusCode).toBe(404);
});
