import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { APPROVER, type AskedInterlock, startAskedInterlock } from './asked-interlock.ts';
import { type ReachedApi, startBillingApi } from './billing-api.ts';
import { type Answered, type Sent, sendRaw } from './send-raw.ts';
import { startNginx, WITHOUT_NGINX } from './start-nginx.ts';

/** What no decision looks at, and an API may believe. */
const STRANGE = { cookie: 'user=root', host: 'admin.example' };

interface World {
  readonly asked: AskedInterlock;
  readonly reached: readonly ReachedApi[];
  readonly workflow: string;
  /** As the agent. */
  send(sent: Sent): Promise<Answered>;
  /** As whoever the headers say. */
  sendBare(sent: Sent): Promise<Answered>;
}

async function openWorld(): Promise<World> {
  const asked = await startAskedInterlock();
  const { port: api, reached } = await startBillingApi();
  const port = await startNginx({ interlock: asked.port, api });
  const { token, workflow } = await asked.agent();
  const sendBare = (sent: Sent) => sendRaw(port, sent);
  return {
    asked,
    reached,
    workflow,
    sendBare,
    send: ({ headers = {}, ...sent }) =>
      sendBare({ ...sent, headers: { authorization: `Bearer ${token}`, ...headers } }),
  };
}

// Whoever has no nginx says so, and is told what was not tested.
describe.skipIf(WITHOUT_NGINX)('the real nginx in front of an API', () => {
  test('lets through what is allowed, once, with the action and without the token', async () => {
    const { send, reached, asked, workflow } = await openWorld();
    expect(await send({ target: '/api/invoices?status=open&limit=5', headers: STRANGE })).toMatchObject({
      status: 200,
      body: '{"served":true}',
    });
    const [call] = reached;
    expect(call).toMatchObject({ method: 'GET', target: '/api/invoices?status=open&limit=5', body: '' });
    expect(call?.headers).toMatchObject({ host: 'billing.example' });
    expect(call?.headers).not.toHaveProperty('authorization');
    expect(call?.headers).not.toHaveProperty('cookie');
    expect(call?.headers['x-interlock-action']).toMatch(/^act_/);
    const { actions } = await asked.interlock.workflow(APPROVER, workflow);
    expect(actions.map(({ operation, state, outcome }) => [operation, state, outcome])).toEqual([
      ['billing.invoice.list', 'completed', 'unknown'],
    ]);
  });

  test('holds what a human must approve, and lets it through once it was approved, once', async () => {
    const { send, asked, reached } = await openWorld();
    const deletion: Sent = { method: 'DELETE', target: '/api/invoices/i1', headers: { 'x-interlock-action': 'del-1' } };
    const held = await send(deletion);
    expect(held).toMatchObject({ status: 403, code: 'ACTION_HELD', action: 'del-1' });
    expect(JSON.parse(held.body)).toEqual({ code: 'ACTION_HELD', action: 'del-1', approval: held.approval });
    expect(await send(deletion)).toMatchObject({ status: 403, code: 'ACTION_HELD', approval: held.approval });
    expect(reached).toEqual([]);
    await asked.interlock.answerApproval(APPROVER, held.approval ?? '', {
      answer: 'approve',
      reason: 'It is a duplicate.',
    });
    expect(await send({ ...deletion, target: '/api/invoices/i2' })).toMatchObject({
      status: 403,
      code: 'ACTION_ID_REUSED',
    });
    const answers = await Promise.all([send(deletion), send(deletion), send(deletion)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
    expect(await send(deletion)).toMatchObject({ status: 403, code: 'PERMIT_USED' });
    expect(reached.map(({ method, target }) => `${method} ${target}`)).toEqual(['DELETE /api/invoices/i1']);
  });

  test('what came of a request can be reported later, once, by whoever has the right', async () => {
    const { send, asked, workflow } = await openWorld();
    await send({ method: 'POST', target: '/api/invoices/i1/void', headers: { 'x-interlock-action': 'void-1' } });
    const reporter = { ...APPROVER, rights: new Set(['act'] as const) };
    expect(await asked.interlock.settle(reporter, 'void-1', { status: 'succeeded' }, workflow)).toMatchObject({
      outcome: { status: 'succeeded' },
    });
    await expect(asked.interlock.settle(reporter, 'void-1', { status: 'failed' }, workflow)).rejects.toMatchObject({
      code: 'PERMIT_USED',
    });
  });

  const REFUSED: readonly (readonly [why: string, sent: Sent, status: number, code: string])[] = [
    ['nobody is named', { target: '/api/invoices', headers: { authorization: '' } }, 401, 'UNAUTHENTICATED'],
    [
      'the token is nobody’s',
      { target: '/api/invoices', headers: { authorization: 'Bearer x' } },
      401,
      'UNAUTHENTICATED',
    ],
    [
      'an operator’s key is no agent’s',
      { target: '/api/invoices', headers: { authorization: 'Bearer key-opener' } },
      403,
      'FORBIDDEN',
    ],
    ['no operation is at this path', { target: '/api/admin' }, 403, 'UNKNOWN_OPERATION'],
    ['it is outside the prefix', { target: '/invoices' }, 403, 'UNKNOWN_OPERATION'],
    ['no operation has this method', { method: 'PUT', target: '/api/invoices/i1' }, 403, 'UNKNOWN_OPERATION'],
    ['HEAD is no GET', { method: 'HEAD', target: '/api/invoices' }, 403, 'UNKNOWN_OPERATION'],
    [
      'a result obligation is due that nginx cannot fulfil',
      { target: '/api/customers/c1' },
      403,
      'OBLIGATION_IMPOSSIBLE',
    ],
    [
      'its operation needs a body',
      { method: 'POST', target: '/api/payments', body: '{"invoiceId":"i1","amount":5}' },
      403,
      'BODY_NOT_SEEN',
    ],
    [
      'it brings a body along',
      { method: 'DELETE', target: '/api/invoices/i1', body: '{"all":true}' },
      403,
      'BODY_NOT_SEEN',
    ],
    [
      'its body comes in chunks',
      { method: 'POST', target: '/api/invoices/i1/void', headers: { 'transfer-encoding': 'chunked' }, body: 'x' },
      403,
      'BODY_NOT_SEEN',
    ],
    ['a query parameter is not known', { target: '/api/invoices?admin=true' }, 403, 'INVALID_INPUT'],
    ['a query parameter comes twice', { target: '/api/invoices?status=open&status=paid' }, 403, 'INVALID_INPUT'],
    ['a value is not one of the schema', { target: '/api/invoices?limit=1000' }, 403, 'INVALID_INPUT'],
    ['a number is spelt oddly', { target: '/api/invoices?limit=05' }, 403, 'INVALID_INPUT'],
    [
      'a header makes another method of it',
      { target: '/api/invoices', headers: { 'x-http-method-override': 'DELETE' } },
      403,
      'REQUEST_AMBIGUOUS',
    ],
    [
      'a header makes another path of it',
      { target: '/api/invoices', headers: { 'x-rewrite-url': '/api/payments' } },
      403,
      'REQUEST_AMBIGUOUS',
    ],
  ];
  const PATHS = [
    '//api/invoices',
    '/api//invoices',
    '/api/invoices/',
    '/api/./invoices',
    '/api/x/../invoices',
    '/api/%2e%2e/api/invoices',
    '/api/invoices/i1%2fvoid',
    '/api/invoices/i1%5cvoid',
    '/api/invoices;x=1',
    '/api/invoices/..;/payments',
    '/api/invoices/i1%3bx',
    '/api/invoices/i1.',
    '/api/invoices/i1%2e',
    '/api/invoices/%69%31',
    '/api/invoices/i1%252fvoid',
    '/api/invoices/i1%00',
    '/api/invoices/%ff',
    '/api/invoices?limit=1;status=open',
    '/api/invoices?limit',
    '/api/invoices?=1',
    '/api/invoices?a+b=1',
    '/api/invoices/i1%20',
  ];
  const CASE = ['/API/invoices', '/api/Invoices', '/api/invoices/OVERDUE/void/x'];

  test('refuses everything else, and nothing of it reaches the API', async () => {
    const { send, sendBare, reached } = await openWorld();
    for (const [why, sent, status, code] of REFUSED) {
      const answer = await send(sent);
      // HEAD answers have no body, and its headers are those that count.
      expect({ why, status: answer.status, code: answer.code }).toEqual({ why, status, code });
    }
    for (const target of PATHS) {
      const { status, code } = await send({ target });
      // Some of them nginx refuses itself, before anybody is asked.
      expect([target, status === 400 ? 'REQUEST_AMBIGUOUS' : code]).toEqual([target, 'REQUEST_AMBIGUOUS']);
    }
    for (const target of CASE) expect([target, (await send({ target })).code]).toEqual([target, 'UNKNOWN_OPERATION']);
    expect((await sendBare({ target: '/_interlock' })).status).toBe(404);
    expect(reached).toEqual([]);
    expect((await send({ target: '/api/invoices/overdue' })).status).toBe(200);
    expect(reached.map(({ target }) => target)).toEqual(['/api/invoices/overdue']);
  });

  test('a client that says what only nginx says is not believed', async () => {
    const { send, reached } = await openWorld();
    const spoofed = {
      'x-original-uri': '/api/invoices',
      'x-original-method': 'GET',
      'x-interlock-gateway-secret': 'guessed',
      'x-interlock-body': 'none',
      'x-original-content-length': '0',
    };
    const deletion = await send({ method: 'DELETE', target: '/api/invoices/i1', headers: spoofed });
    expect(deletion).toMatchObject({ status: 403, code: 'ACTION_HELD' });
    expect(await send({ method: 'DELETE', target: '/api/invoices/i1', headers: spoofed, body: 'x' })).toMatchObject({
      code: 'BODY_NOT_SEEN',
    });
    expect(reached).toEqual([]);
    expect((await send({ target: '/api/invoices', headers: spoofed })).status).toBe(200);
  });

  test('what reaches the API is what was decided, also where the target is a whole address', async () => {
    const { send, reached } = await openWorld();
    const { status } = await send({ target: 'http://admin.example/api/invoices?limit=5' });
    expect([status, reached.map(({ target, headers }) => [target, headers['host']])]).toEqual([
      200,
      [['/api/invoices?limit=5', 'billing.example']],
    ]);
    await send({ target: 'http://admin.example/api/invoices/i1', method: 'DELETE' });
    expect(reached.length).toBe(1);
  });

  test('is closed where Interlock is down', async () => {
    const { send, asked, reached } = await openWorld();
    await asked.close();
    expect(await send({ target: '/api/invoices' })).toMatchObject({
      status: 503,
      body: '{"code":"SYSTEM_UNAVAILABLE"}',
    });
    expect(reached).toEqual([]);
  });

  const SICK: readonly (readonly [string, string])[] = [
    ['answers nothing in time', ''],
    ['answers what it never answers', 'HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n'],
    ['answers an error', 'HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n'],
    ['answers no HTTP', 'hello\r\n\r\n'],
  ];
  test.each(SICK)('is closed where Interlock %s', async (_why, answer) => {
    const { port: api, reached } = await startBillingApi();
    const port = await startNginx({ interlock: await listenOnly(answer), api });
    const response = await sendRaw(port, { target: '/api/invoices', headers: { authorization: 'Bearer x' } });
    expect(response).toMatchObject({ status: 503, body: '{"code":"SYSTEM_UNAVAILABLE"}' });
    expect(reached).toEqual([]);
  });
});

describe('the place where nginx asks', () => {
  test.each([
    ['without the secret', {}],
    ['with another secret', { 'x-interlock-gateway-secret': 'm'.repeat(40) }],
    ['with the secret twice', { 'x-interlock-gateway-secret': ['e'.repeat(40), 'e'.repeat(40)] }],
  ])('answers nobody %s, whatever their token', async (_why, headers) => {
    const asked = await startAskedInterlock();
    const { token } = await asked.agent();
    const all = {
      authorization: `Bearer ${token}`,
      'x-original-uri': '/api/invoices',
      'x-original-method': 'GET',
      ...headers,
    };
    const target = '/v1/gateways/edge/decision';
    expect(await sendRaw(asked.port, { target, headers: all })).toMatchObject({ status: 401, code: 'GATEWAY_UNKNOWN' });
    for (const other of [
      '/v1/gateways/mesh/decision',
      '/v1/gateways/none/decision',
      '/v1/gateways/constructor/decision',
    ])
      expect(await sendRaw(asked.port, { target: other, headers: all })).toMatchObject({ status: 401 });
  });
});

async function listenOnly(answer: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', () => answer !== '' && socket.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
