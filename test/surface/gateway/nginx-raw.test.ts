import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startAskedInterlock } from './asked-interlock.ts';
import { startBillingApi } from './billing-api.ts';
import { startNginx, WITHOUT_NGINX } from './start-nginx.ts';

const SPOOFED = [
  'X-Original-URI: /api/invoices',
  'X-Original-URI: /api/invoices?limit=1',
  'X-Original-Method: GET',
  'X-Original-Method: GET',
  'X_Original_Uri: /api/invoices',
  'X_Original_Method: GET',
  'X-Interlock-Gateway-Secret: guessed',
  'X-Interlock-Body: none',
  'X-Interlock-Workflow: wf_other',
  'X-Interlock-Approval: apr_other',
];

const DELETION = 'DELETE /api/invoices/i1 HTTP/1.1';
const LISTING = 'GET /api/invoices HTTP/1.1';

/** Requests as they stand on the wire, and the statuses of their answers; none of them may reach the API. */
const HOSTILE: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'says in doubled headers that it is another request': [[DELETION, ...SPOOFED]],
  'is nameless, in HTTP/1.0': [['DELETE /api/invoices/i1 HTTP/1.0']],
  'writes its method small': [['delete /api/invoices/i1 HTTP/1.1'], ['get /api/invoices HTTP/1.1']],
  'writes its method in two cases': [['Get /api/invoices HTTP/1.1']],
  'has no version': [['GET /api/invoices']],
  'has another version': [['GET /api/invoices HTTP/2.0']],
  'is a connection to elsewhere': [['CONNECT 127.0.0.1:9000 HTTP/1.1']],
  'asks for everything': [['OPTIONS * HTTP/1.1'], ['GET * HTTP/1.1']],
  'is absolute and climbs': [['GET http://x/api/invoices/../payments HTTP/1.1']],
  'is absolute with an escaped climb': [['DELETE http://x/api/invoices/%2e%2e/invoices/i1 HTTP/1.1']],
  'climbs with small and large escapes': [
    ['GET /api/%2E%2e/api/invoices HTTP/1.1'],
    ['GET /api/x/..%2finvoices HTTP/1.1'],
    ['GET /api/x%2F..%2Finvoices HTTP/1.1'],
    ['GET /api/%252e%252e/invoices HTTP/1.1'],
  ],
  'has a fragment': [['GET /api/invoices#/../payments HTTP/1.1']],
  'has a tab in its target': [['GET /api/invoices\t HTTP/1.1']],
  'is very long': [[`GET /api/invoices?status=${'a'.repeat(7_000)} HTTP/1.1`], [`GET /${'a'.repeat(60_000)} HTTP/1.1`]],
  'has two tokens': [[LISTING, 'Authorization: Bearer other']],
  'has two lengths': [['DELETE /api/invoices/i1 HTTP/1.1', 'Content-Length: 0', 'Content-Length: 5']],
  'has a length and chunks': [[DELETION, 'Content-Length: 4', 'Transfer-Encoding: chunked']],
  'has chunks under an odd name': [
    [LISTING, 'Transfer-Encoding: xchunked'],
    [LISTING, 'Transfer-Encoding: chunked, identity'],
    [LISTING, 'Transfer-Encoding : chunked'],
  ],
  'folds a header': [[LISTING, 'X-A: b\r\n X-HTTP-Method-Override: DELETE', 'X-HTTP-Method-Override: DELETE']],
};

describe.skipIf(WITHOUT_NGINX)('a request on the wire of the real nginx that', () => {
  test('is none of those that are allowed reaches no API', async () => {
    const { raw, reached } = await openWorld();
    const passed: string[] = [];
    for (const [why, requests] of Object.entries(HOSTILE)) {
      for (const [line = '', ...headers] of requests) {
        const answers = await raw(framed(line, headers));
        if (answers.includes('200') || reached.length > 0) passed.push(`${why}: ${line.slice(0, 80)}`);
        reached.length = 0;
      }
    }
    expect(passed).toEqual([]);
    expect(await raw(framed(LISTING))).toEqual(['200']);
  });

  test('hides another one in its body brings neither to the API', async () => {
    const { raw, reached } = await openWorld();
    const hidden = framed(DELETION);
    for (const [length, body] of [
      [`Content-Length: ${hidden.length}`, hidden],
      ['Transfer-Encoding: chunked', `0\r\n\r\n${hidden}`],
      [`Content-Length: 5\r\nTransfer-Encoding: chunked`, `0\r\n\r\n${hidden}`],
    ] as const) {
      await raw(`${framed(LISTING, [length])}${body}`);
      expect(reached.filter(({ method }) => method === 'DELETE')).toEqual([]);
    }
  });

  test('stands behind another one is decided on its own', async () => {
    const { raw, reached } = await openWorld();
    expect(await raw(`${framed(LISTING, [], 'keep-alive')}${framed(DELETION)}`)).toEqual(['200', '403']);
    expect(reached.map(({ method }) => method)).toEqual(['GET']);
  });

  test('is allowed takes none of what only a gateway says to the API', async () => {
    const { raw, reached } = await openWorld();
    expect(
      await raw(
        framed(LISTING, [...SPOOFED, 'Accept: application/json', 'X-Forwarded-User: root', 'Cookie: user=root']),
      ),
    ).toEqual(['200']);
    // Nor anything else that no decision has looked at.
    expect(Object.keys(reached[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'connection',
      'host',
      'x-interlock-action',
    ]);
  });
});

async function openWorld() {
  const asked = await startAskedInterlock();
  const { port: api, reached } = await startBillingApi();
  const socket = await startNginx({ interlock: asked.port, api });
  const { token } = await asked.agent();
  const raw = (text: string) => statusesOf(socket, text.replaceAll('TOKEN', token));
  return { raw, reached: reached as unknown as { length: number } & typeof reached };
}

/** With the agent's token, which only the test's world knows. */
function framed(line: string, headers: readonly string[] = [], connection = 'close'): string {
  return [
    line,
    'Host: billing.example',
    'Authorization: Bearer TOKEN',
    ...headers,
    `Connection: ${connection}`,
    '',
    '',
  ].join('\r\n');
}

/** Sends bytes, and reads the status of each answer until the connection ends. */
function statusesOf(socketPath: string, text: string): Promise<readonly string[]> {
  return new Promise((resolve) => {
    let read = '';
    const socket = connect(socketPath, () => socket.write(text));
    socket.on('data', (data) => {
      read += data.toString('latin1');
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve([...read.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status = '']) => status)));
  });
}
