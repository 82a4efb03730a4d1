import { expect, test } from 'vitest';
import { behindHttp } from '../../connectors/mcp/obedient-http.ts';
import { serveInTest } from './serve-in-test.ts';
import { startGatewayInTest } from './start-gateway-in-test.ts';

test("a server behind the proxy never sees the client's token, its headers or who it is", async () => {
  const { server, settings } = await behindHttp({ kind: 'read' });
  const { secret, ...credential } = settings.credential;
  // As a configuration would have it: the secret by reference.
  process.env['INTERLOCK_TEST_UPSTREAM'] = secret;
  const gateway = await startGatewayInTest({
    connectors: {
      remote: {
        use: 'mcp',
        settings: { ...settings, credential: { ...credential, secret: 'env:INTERLOCK_TEST_UPSTREAM' } },
      },
    },
  });
  const served = await serveInTest(gateway.interlock);
  try {
    const token = await gateway.agent('very-particular-agent');
    const body = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'remote_tool_note', arguments: { say: 'hello' } },
    };
    const reply = await served.post(token, body, {
      cookie: 'session=client-cookie',
      'x-forwarded-user': 'client-header',
    });
    expect(reply.text).toContain('hello');
    expect(server.calls).toEqual(['note']);
    const sent = JSON.stringify(server.seen);
    expect(sent).toContain('Bearer upstream-secret');
    for (const own of [token, 'client-cookie', 'client-header', 'very-particular-agent'])
      expect(sent).not.toContain(own);
    expect(reply.text).not.toContain('upstream-secret');
  } finally {
    await served.close();
    await gateway.interlock.close();
  }
});
