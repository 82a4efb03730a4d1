import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, serveInTest } from './serve-in-test.ts';
import { KEYS, startGatewayInTest, type TestGateway } from './start-gateway-in-test.ts';

let gateway: TestGateway;
let served: Served;
beforeAll(async () => {
  gateway = await startGatewayInTest();
  served = await serveInTest(gateway.interlock, 8);
});
afterAll(async () => {
  await served.close();
  await gateway.interlock.close();
});

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};
const READ = { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'notes_graph_read', arguments: {} } };

async function begin(bearer: string): Promise<string | undefined> {
  const { status, headers } = await served.post(bearer, INITIALIZE);
  if (status !== 200) throw new Error(`initialize was answered with ${status}`);
  return headers.get('mcp-session-id') ?? undefined;
}

async function workflowOf(bearer: string, session?: string): Promise<unknown> {
  const { message, text } = await served.post(bearer, READ, session === undefined ? {} : { 'mcp-session-id': session });
  const found = (message as { result?: { structuredContent?: { workflow?: { id?: string }; code?: string } } }).result
    ?.structuredContent;
  return found?.workflow?.id ?? found?.code ?? text;
}

describe('an operator key', () => {
  test('that may open workflows has one for each connection, and keeps it', async () => {
    const [one, two] = [await begin(KEYS.opener), await begin(KEYS.opener)];
    const first = await workflowOf(KEYS.opener, one);
    expect(first).toMatch(/^wf_/);
    expect(await workflowOf(KEYS.opener, one)).toBe(first);
    expect(await workflowOf(KEYS.opener, two)).not.toBe(first);
  });

  test('that may only act has a single one, so that connecting again washes nothing off', async () => {
    const first = await workflowOf(KEYS.actor, await begin(KEYS.actor));
    expect(first).toMatch(/^wf_/);
    // More often than connections are remembered.
    for (let i = 0; i < 10; i++) expect(await begin(KEYS.actor)).toBeUndefined();
    expect(await workflowOf(KEYS.actor)).toBe(first);
    for (let i = 0; i < 10; i++) await begin(KEYS.opener);
    expect(await workflowOf(KEYS.actor)).toBe(first);
    const modern = await served.client(KEYS.actor, 'auto', 'another name');
    expect((await modern.callTool({ name: 'notes_graph_read', arguments: {} })).structuredContent).toMatchObject({
      workflow: { id: first },
    });
  });

  test('that is held back for what it read stays so under any name, session and protocol generation', async () => {
    const plan = { name: 'files_file_read', arguments: { path: `${gateway.files}/confidential/plan.txt` } };
    const leak = {
      name: 'notes_entity_create',
      arguments: { entities: [{ name: 'leak', entityType: 'x', observations: [] }] },
    };
    await (await served.client(KEYS.actor, 'auto', 'reader')).callTool(plan);
    for (const generation of ['auto', 'legacy'] as const) {
      const client = await served.client(KEYS.actor, generation, `writer-${generation}`);
      expect((await client.callTool(leak)).structuredContent).toMatchObject({
        decision: 'deny',
        reasons: [{ policy: 'no-leak' }],
      });
    }
  });

  test('does not share its connection with another key, whoever knows its name', async () => {
    const session = (await begin(KEYS.opener)) ?? '';
    const mine = await workflowOf(KEYS.opener, session);
    for (const other of [KEYS.actor, KEYS.mallory]) {
      const reply = await served.post(other, READ, { 'mcp-session-id': session });
      expect([reply.status, reply.text.includes('NOT_FOUND')]).toEqual([404, true]);
    }
    expect(await workflowOf(KEYS.opener, session)).toBe(mine);
    expect(await workflowOf(KEYS.mallory)).not.toBe(await workflowOf(KEYS.opener));
  });

  test('without the right to act lists and does nothing', async () => {
    expect(await workflowOf(KEYS.approver)).toBe('FORBIDDEN');
  });

  test('a connection that was made up is not known', async () => {
    const reply = await served.post(KEYS.opener, READ, { 'mcp-session-id': 'mcp_AAAAAAAAAAAAAAAAAAAAAA' });
    expect([reply.status, reply.text.includes('NOT_FOUND')]).toEqual([404, true]);
  });

  test('has a bounded number of connections; the least recently used is forgotten', async () => {
    const first = (await begin(KEYS.opener)) ?? '';
    const later = await Promise.all(Array.from({ length: 8 }, () => begin(KEYS.opener)));
    expect((await served.post(KEYS.opener, READ, { 'mcp-session-id': first })).status).toBe(404);
    expect(await workflowOf(KEYS.opener, later.at(-1))).toMatch(/^wf_/);
  });
});

test('an agent acts in its own workflow, whatever session it names', async () => {
  const [one, two] = [await gateway.agent(), await gateway.agent()];
  const session = await begin(KEYS.opener);
  const own = await workflowOf(one);
  expect(await workflowOf(one, session)).toBe(own);
  expect(await workflowOf(two)).not.toBe(own);
});
