import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, KEYS, SEND, startHarness } from './harness.ts';
import { listen, open, readAll, sendRaw } from './raw-client.ts';
import { AMBIGUOUS_TARGETS } from './route-attacks.ts';

let harness: Harness;
let port: number;
beforeAll(async () => {
  harness = await startHarness({ bounds: { httpHeadersMs: 300, httpRequestMs: 300 } });
  port = await listen(harness.app);
});
afterAll(() => harness.close());

const HEAD = `Host: 127.0.0.1\r\nAuthorization: Bearer ${KEYS.admin}\r\nConnection: close\r\n`;
const get = (target: string, more = '') => `GET ${target} HTTP/1.1\r\n${HEAD}${more}\r\n`;
const BODY = '{"onBehalfOf":{"id":"a"}}';
const post = (more: string, body = BODY) =>
  `POST /v1/workflows HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\n${more}\r\n${body}`;
const LENGTH = `Content-Length: ${BODY.length}\r\n`;

test('a plain request over a socket is answered', async () => {
  expect((await sendRaw(port, get('/v1/workflows'))).status).toBe(200);
  expect((await sendRaw(port, post(LENGTH))).status).toBe(201);
});

describe('a target with more than one reading is refused', () => {
  test.each(AMBIGUOUS_TARGETS)('%s', async (target) => {
    const { status, body } = await sendRaw(port, get(target));
    expect([status, JSON.parse(body).code]).toEqual([400, 'INVALID_CALL']);
  });
});

describe('a request that two HTTP readers could take apart differently changes nothing', () => {
  const cases: [title: string, bytes: string, status: number][] = [
    ['two Authorization headers', get('/v1/workflows', 'Authorization: Bearer other\r\n'), 400],
    ['two Host headers', get('/v1/workflows', 'Host: 127.0.0.1\r\n'), 400],
    ['two Content-Type headers', post(`${LENGTH}content-type: application/json\r\n`), 400],
    ['two Origin headers', post(`${LENGTH}Origin: http://127.0.0.1\r\nOrigin: http://127.0.0.1\r\n`), 400],
    ['two Content-Length headers', post(`${LENGTH}${LENGTH}`), 400],
    ['length and chunks', post(`${LENGTH}Transfer-Encoding: chunked\r\n`, `0\r\n\r\n${BODY}`), 400],
    ['chunks twice', post('Transfer-Encoding: chunked, chunked\r\n', '0\r\n\r\n'), 400],
    ['unknown transfer coding', post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'), 400],
    ['a header folded over two lines', get('/v1/workflows', 'X-Note: a\r\n b: c\r\nX-Other:\r\n Bearer x\r\n'), 400],
    ['a space before the colon', get('/v1/workflows', 'Origin : http://127.0.0.1\r\n'), 400],
    ['a bare line feed', `GET /v1/workflows HTTP/1.1\nHost: 127.0.0.1\n\n`, 400],
    ['a NUL in a header', get('/v1/workflows', 'X-Note: a\0b\r\n'), 400],
    ['no Host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['no Host in HTTP/1.0', 'GET /livez HTTP/1.0\r\n\r\n', 403],
    ['a header of 100 KB', get('/v1/workflows', `X-Note: ${'a'.repeat(100_000)}\r\n`), 431],
    ['something that is no HTTP', '\x16\x03\x01 hello\r\n\r\n', 400],
    ['more than a megabyte announced', post('Content-Length: 1000000000\r\n', '{'), 413],
    [
      'more than a megabyte in chunks',
      post('Transfer-Encoding: chunked\r\n', `100001\r\n${'x'.repeat(0x100001)}\r\n`),
      413,
    ],
  ];
  test.each(cases)('%s', async (_title, bytes, status) => {
    const before = await harness.changes();
    const answer = await sendRaw(port, bytes);
    expect(answer.status, answer.body).toBe(status);
    expect(answer.head.toLowerCase()).not.toContain('http/1.1 200');
    expect(await harness.changes()).toBe(before);
  });
});

test.each([
  ['its headers', 'GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '],
  ['its body', post('Content-Length: 1000\r\n', '{')],
])('a client that never finishes %s is cut off', async (_what, bytes) => {
  const { status, body } = await sendRaw(port, bytes);
  expect([status, JSON.parse(body).code]).toEqual([408, 'INVALID_CALL']);
});

test('no more connections are held than the bound allows', async () => {
  const bounded = await startHarness({ bounds: { httpConnections: 2 } });
  const boundedPort = await listen(bounded.app);
  const held = [open(boundedPort), open(boundedPort)] as const;
  await Promise.all(held.map((socket) => once(socket, 'connect')));
  const refused = open(boundedPort);
  refused.write(get('/livez'));
  expect(await readAll(refused)).toBe('');
  held[0].destroy();
  await expect.poll(async () => (await sendRaw(boundedPort, get('/livez'))).status).toBe(200);
  held[1].destroy();
  await bounded.close();
});

test('closing answers whoever waits, and lets a running call finish', async () => {
  const own = await startHarness();
  const ownPort = await listen(own.app);
  const base = `http://127.0.0.1:${ownPort}`;
  const headers = { authorization: `Bearer ${own.agent.token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ ...SEND, id: 'held-1' });
  await fetch(`${base}/v1/actions`, { method: 'POST', headers, body });
  const asked = once(own.app.server, 'request');
  const waiting = fetch(`${base}/v1/actions/held-1?waitMs=60000`, { headers });
  await asked;
  const [answer] = await Promise.all([waiting, own.close()]);
  expect(await answer.json()).toMatchObject({ id: 'held-1', state: 'held' });
});
