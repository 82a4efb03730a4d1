import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseJson } from '../../../src/lib/parse-json.ts';
import { readMessage } from '../../../src/surface/mcp/read-message.ts';
import { type Served, serveInTest } from './serve-in-test.ts';
import { startGatewayInTest, type TestGateway } from './start-gateway-in-test.ts';

let gateway: TestGateway;
let served: Served;
let token: string;
beforeAll(async () => {
  gateway = await startGatewayInTest();
  served = await serveInTest(gateway.interlock);
  token = await gateway.agent();
});
afterAll(async () => {
  await served.close();
  await gateway.interlock.close();
});

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
};
const MODERN = { 'mcp-protocol-version': '2026-07-28' };
const rpc = (method: string, params?: object, id: unknown = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  ...(params === undefined ? {} : { params }),
});
const write = (name: string) => ({
  name: 'notes_entity_create',
  arguments: { entities: [{ name, entityType: 'x', observations: [] }] },
});

/** What the memory server really holds: the truth of effects. */
async function notes(): Promise<string> {
  return (await served.post(await gateway.agent(), rpc('tools/call', { name: 'notes_graph_read', arguments: {} })))
    .text;
}

describe('every method that is not governed is refused', () => {
  const METHODS = [
    'resources/list',
    'resources/read',
    'resources/templates/list',
    'resources/subscribe',
    'resources/unsubscribe',
    'prompts/list',
    'prompts/get',
    'completion/complete',
    'logging/setLevel',
    'sampling/createMessage',
    'elicitation/create',
    'roots/list',
    'subscriptions/listen',
    'tasks/get',
    'tasks/cancel',
    'Tools/Call',
    'tools/call ',
    'tools/calls',
    'rpc.discover',
    '',
    '__proto__',
    'constructor',
  ];
  for (const method of METHODS) {
    test(`${JSON.stringify(method)}, in both protocol generations`, async () => {
      const refused = {
        id: 7,
        error: {
          code: -32601,
          message: expect.stringContaining('METHOD_NOT_GOVERNED'),
          data: { code: 'METHOD_NOT_GOVERNED' },
        },
      };
      expect((await served.post(token, rpc(method, undefined, 7))).message).toMatchObject(refused);
      const named = /^[\x21-\x7e]+$/.test(method) ? { 'mcp-method': method } : {};
      expect(
        (await served.post(token, rpc(method, { _meta: ENVELOPE }, 7), { ...MODERN, ...named })).message,
      ).toMatchObject(refused);
    });
  }

  test('the methods that are governed work', async () => {
    const initialize = rpc('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'raw', version: '1' },
    });
    expect((await served.post(token, initialize)).message).toMatchObject({
      result: { protocolVersion: '2025-11-25', serverInfo: { name: 'interlock' } },
    });
    expect((await served.post(token, rpc('ping'))).message).toMatchObject({ result: {} });
    expect((await served.post(token, rpc('tools/list'))).message).toHaveProperty('result.tools');
    const discover = await served.post(token, rpc('server/discover', { _meta: ENVELOPE }), {
      ...MODERN,
      'mcp-method': 'server/discover',
    });
    expect(discover.message).toMatchObject({
      result: { supportedVersions: ['2026-07-28'], capabilities: { tools: {} } },
    });
  });
});

describe('a message that two readers could understand differently causes nothing', () => {
  const call = (name: string) => JSON.stringify(rpc('tools/call', write(name)));
  const CASES: Readonly<Record<string, { readonly body: string; readonly status: number; readonly code: string }>> = {
    'a batch': { body: `[${call('bad-batch')}]`, status: 400, code: 'INVALID_CALL' },
    'an id of null': {
      body: JSON.stringify(rpc('tools/call', write('bad-null'), null)),
      status: 400,
      code: 'INVALID_CALL',
    },
    'an id that is an object': {
      body: JSON.stringify(rpc('tools/call', write('bad-object'), {})),
      status: 400,
      code: 'INVALID_CALL',
    },
    'another version of JSON-RPC': {
      body: call('bad-version').replace('2.0', '1.0'),
      status: 400,
      code: 'INVALID_CALL',
    },
    'the method twice': {
      body: call('bad-twice').replace('{', '{"method":"ping",'),
      status: 400,
      code: 'DUPLICATE_KEY',
    },
    'the tool twice': {
      body: call('bad-tool').replace('"name":"notes', '"name":"files_file_read","name":"notes'),
      status: 400,
      code: 'DUPLICATE_KEY',
    },
    'a member in another case': {
      body: call('bad-case').replace('{', '{"Method":"ping",'),
      status: 400,
      code: 'INVALID_CALL',
    },
    'the name in another case': {
      body: call('bad-name').replace('"name":"notes', '"Name":"notes'),
      status: 200,
      code: 'INVALID_CALL',
    },
    'an answer to a question that was never asked': {
      body: call('bad-input').replace('"arguments"', '"inputResponses":{},"arguments"'),
      status: 200,
      code: 'INVALID_CALL',
    },
    'state that was never given out': {
      body: call('bad-state').replace('"arguments"', '"requestState":"x","arguments"'),
      status: 200,
      code: 'INVALID_CALL',
    },
    'an integer beyond 2^53': {
      body: call('bad-number').replace('"id":1', '"id":9007199254740993'),
      status: 400,
      code: 'UNSAFE_NUMBER',
    },
    'a key with a meaning of its own': {
      body: call('bad-proto').replace('"entities"', '"__proto__":{},"entities"'),
      status: 400,
      code: 'FORBIDDEN_KEY',
    },
    'no JSON': { body: `${call('bad-json')}}`, status: 400, code: 'MALFORMED_JSON' },
  };
  for (const [what, { body, status, code }] of Object.entries(CASES)) {
    test(`${what} is refused with ${code}`, async () => {
      const reply = await served.post(token, body);
      expect(reply.status).toBe(status);
      expect(reply.text).toContain(code);
      expect(reply.text).not.toContain('"decision":"allow"');
      expect(await notes()).not.toContain('bad-');
    });
  }

  test('a notification that calls a tool causes nothing', async () => {
    const { id: _, ...notification } = rpc('tools/call', write('bad-notification'));
    expect((await served.post(token, notification)).status).toBe(202);
    expect(await notes()).not.toContain('bad-');
  });

  test('an answer that nobody asked for causes nothing', async () => {
    expect((await served.post(token, { jsonrpc: '2.0', id: 1, result: write('bad-answer') })).status).toBe(202);
  });

  test('the same message, well formed, writes', async () => {
    expect((await served.post(token, rpc('tools/call', write('good')))).text).toContain('allow');
    expect(await notes()).toContain('good');
  });
});

describe('headers say what the body says', () => {
  const modern = (name: string) => rpc('tools/call', { ...write(name), _meta: ENVELOPE });
  const right = { ...MODERN, 'mcp-method': 'tools/call', 'mcp-name': 'notes_entity_create' };
  const WRONG = {
    'another method': { ...right, 'mcp-method': 'tools/list' },
    'another tool': { ...right, 'mcp-name': 'notes_graph_read' },
    'another tool, encoded': { ...right, 'mcp-name': '=?base64?bm90ZXNfZ3JhcGhfcmVhZA==?=' },
    'two tools': { ...right, 'mcp-name': 'notes_entity_create, notes_graph_read' },
    'no method': { ...MODERN, 'mcp-name': right['mcp-name'] },
    'no tool': { ...MODERN, 'mcp-method': right['mcp-method'] },
    'another protocol version': { ...right, 'mcp-protocol-version': '2025-11-25' },
  };
  for (const [what, headers] of Object.entries(WRONG)) {
    test(`${what} in the headers is refused`, async () => {
      const reply = await served.post(token, modern('bad-header'), headers);
      expect({ status: reply.status, message: reply.message }).toMatchObject({
        status: 400,
        message: { error: { code: -32020 } },
      });
      expect(await notes()).not.toContain('bad-header');
    });
  }

  test('a client of the older generation is held to the headers that it sends', async () => {
    const reply = await served.post(token, rpc('tools/call', write('bad-old')), { 'mcp-name': 'notes_graph_read' });
    expect({ status: reply.status, message: reply.message }).toMatchObject({
      status: 400,
      message: { error: { code: -32020 } },
    });
  });

  test('matching headers are served, encoded ones too', async () => {
    expect((await served.post(token, modern('good-header'), right)).text).toContain('allow');
    const encoded = `=?base64?${Buffer.from(right['mcp-name']).toString('base64')}?=`;
    expect((await served.post(token, modern('good-encoded'), { ...right, 'mcp-name': encoded })).text).toContain(
      'allow',
    );
  });

  test('a foreign Origin or Host is refused before anything else', async () => {
    const reply = await served.post(token, rpc('tools/call', write('bad-origin')), { origin: 'https://evil.example' });
    expect([reply.status, reply.text.includes('ORIGIN_REFUSED')]).toEqual([403, true]);
    expect(await notes()).not.toContain('bad-origin');
  });

  test('there is nothing to GET or DELETE', async () => {
    for (const method of ['GET', 'DELETE']) {
      const response = await fetch(served.url, { method, headers: { authorization: `Bearer ${token}` } });
      expect(response.status).toBe(405);
    }
  });

  test('without a credential nobody is answered', async () => {
    expect((await served.post(undefined, rpc('tools/list'))).status).toBe(401);
    expect((await served.post('no-such-token', rpc('tools/list'))).status).toBe(401);
  });
});

test('reading a message never throws, whatever it is', () => {
  for (const text of ['null', '1', '"x"', '[]', '{}', '{"jsonrpc":"2.0"}', '{"jsonrpc":"2.0","method":1,"id":1}']) {
    expect(readMessage(parseJson(text))).toMatchObject({ kind: 'refused' });
  }
});
