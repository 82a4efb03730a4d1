import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BOUNDS } from '../../../src/lib/bounds.ts';
import { clientOf, never, read, startServer, write } from './loopback.ts';

const call = { method: 'GET', path: '/a' } as const;
const tooMuch = Buffer.alloc(BOUNDS.responseBytes + 1, ' ');
// Made before anybody waits for them: it takes seconds on a busy machine.
const BOMBS = { gzip: gzipSync(tooMuch), br: brotliCompressSync(tooMuch) };

const endless = (outgoing: ServerResponse) => {
  const chunk = Buffer.alloc(65_536, 'x');
  const more = () => {
    while (!outgoing.destroyed && outgoing.write(chunk));
  };
  outgoing.on('drain', more);
  more();
};

describe('one response', () => {
  it.each<[string, (outgoing: ServerResponse) => void]>([
    ['with a declared length', (outgoing) => outgoing.end(tooMuch)],
    ['without an end', endless],
    ['that is a gzip bomb', (outgoing) => outgoing.setHeader('content-encoding', 'gzip').end(BOMBS.gzip)],
    ['that is a brotli bomb', (outgoing) => outgoing.setHeader('content-encoding', 'br').end(BOMBS.br)],
  ])('past the bound is cut: %s', async (_, answer) => {
    const { origin, requests } = await startServer((__, outgoing) => answer(outgoing));
    expect(await clientOf(origin).send(call, read)).toMatchObject({ ok: false, class: 'too-large' });
    expect(requests).toHaveLength(1);
  });

  it('of exactly the bound is read', async () => {
    const body = JSON.stringify('x'.repeat(BOUNDS.responseBytes - 2));
    const { origin } = await startServer((_, outgoing) =>
      outgoing.setHeader('content-encoding', 'gzip').end(gzipSync(body)),
    );
    expect(await clientOf(origin).send(call, read)).toMatchObject({ ok: true, reply: { body: JSON.parse(body) } });
  });

  it.each<[string, Record<string, string>, string, unknown]>([
    ['JSON', { 'content-type': 'application/json;charset=utf-8' }, '{"a":[1,"ü"]}', { a: [1, 'ü'] }],
    ['a vendor’s JSON', { 'content-type': 'application/scim+json' }, '{"a":1}', { a: 1 }],
    ['JSON without a type', {}, '[1]', [1]],
    ['JSON behind a byte order mark', { 'content-type': 'application/json' }, '\uFEFF{"a":1}', { a: 1 }],
    ['invalid JSON', { 'content-type': 'application/json' }, '{"a":', '{"a":'],
    ['text that looks like JSON', { 'content-type': 'text/plain' }, '{"a":1}', '{"a":1}'],
    ['HTML', { 'content-type': 'text/html' }, '<p>down</p>', '<p>down</p>'],
    ['nothing', {}, '', undefined],
  ])('is read as what it is: %s', async (_, headers, text, expected) => {
    const { origin } = await startServer((__, outgoing) => outgoing.writeHead(200, headers).end(text));
    expect(await clientOf(origin).send(call, read)).toMatchObject({ ok: true, reply: { status: 200, body: expected } });
  });

  it('keeps its headers, with lower-case names, except session cookies', async () => {
    const headers = { 'X-Total-Count': '7', 'Set-Cookie': 'session=abc' };
    const { origin } = await startServer((_, outgoing) => outgoing.writeHead(200, headers).end());
    const result = await clientOf(origin).send(call, read);
    expect(result).toMatchObject({ ok: true, reply: { headers: { 'x-total-count': '7' } } });
    expect(JSON.stringify(result)).not.toContain('abc');
  });
});

describe('a broken answer', () => {
  const breakings: [string, (outgoing: ServerResponse) => void][] = [
    [
      'a body cut short',
      (outgoing) => outgoing.writeHead(200, { 'content-length': '100' }).write('{"a":', () => outgoing.destroy()),
    ],
    ['chunks cut short', (outgoing) => outgoing.write('{"a":', () => outgoing.destroy())],
    [
      'a compressed body cut short',
      (outgoing) => outgoing.setHeader('content-encoding', 'gzip').end(gzipSync('{"a":1}').subarray(0, 15)),
    ],
    [
      'an encoding nobody asked for',
      (outgoing) => outgoing.setHeader('content-encoding', 'deflate').end(deflateSync('{"a":1}')),
    ],
    [
      'a body that is not compressed as it says',
      (outgoing) => outgoing.setHeader('content-encoding', 'gzip').end('{"a":1}'),
    ],
  ];

  it.each(breakings)('leaves it open whether a write happened: %s', async (_, answer) => {
    const { origin, requests } = await startServer((__, outgoing) => answer(outgoing));
    expect(await clientOf(origin).send({ ...call, method: 'POST' }, write)).toMatchObject({
      ok: false,
      class: 'ambiguous',
    });
    expect(requests).toHaveLength(1);
  });

  it.each(breakings)('is asked for again by a read: %s', async (_, answer) => {
    const { origin, requests } = await startServer((__, outgoing) =>
      requests.length === 1 ? answer(outgoing) : outgoing.end('{}'),
    );
    expect(await clientOf(origin).send(call, read)).toMatchObject({ ok: true });
    expect(requests).toHaveLength(2);
  });

  it.each(['not HTTP at all\r\n\r\n', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'])(
    'is also bytes that are no answer: %j',
    async (bytes) => {
      const server = createServer((socket) => socket.once('data', () => socket.end(bytes)));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void server.close());
      const address = server.address();
      const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
      expect(await clientOf(origin).send({ ...call, method: 'POST' }, write)).toMatchObject({
        ok: false,
        class: 'ambiguous',
      });
    },
  );
});

describe('time', () => {
  it.each<[string, (outgoing: ServerResponse) => void]>([
    ['a server that never answers', () => undefined],
    ['a server that never ends its answer', (outgoing) => void outgoing.write('{"a":')],
  ])('ends %s', async (_, answer) => {
    const { origin } = await startServer((__, outgoing) => answer(outgoing));
    const result = await clientOf(origin, { timeoutMs: 2_000 }).send(call, write);
    expect(result).toMatchObject({ ok: false, class: 'ambiguous', timedOut: true });
  });

  it('ends with the caller’s signal, in the middle of an answer', async () => {
    const abort = new AbortController();
    const { origin, requests } = await startServer((_, outgoing) => void outgoing.write('{"a":', () => abort.abort()));
    const result = await clientOf(origin).send(call, { repeatable: true, signal: abort.signal });
    expect(result).toMatchObject({ ok: false, class: 'ambiguous', timedOut: true });
    expect(requests).toHaveLength(1);
  });

  it('ends with the caller’s signal while a retry is waited for', async () => {
    const abort = new AbortController();
    const { origin, requests } = await startServer((_, outgoing) => outgoing.writeHead(503).end());
    const failureOf = () => {
      setImmediate(() => abort.abort());
      return { class: 'unavailable', detail: 'busy', retryAfterMs: 20_000 } as const;
    };
    const result = await clientOf(origin, { failureOf }).send(call, { repeatable: true, signal: abort.signal });
    expect(result).toMatchObject({ ok: false, class: 'unavailable' });
    expect(requests).toHaveLength(1);
  });

  it('ends while another one’s credential is fetched', async () => {
    const { origin, requests } = await startServer((_, outgoing) => outgoing.end('{}'));
    const authentication = { headers: () => new Promise<never>(() => undefined), refused: () => false };
    const result = await clientOf(origin, { authentication, timeoutMs: 2_000 }).send(call, write);
    expect(result).toMatchObject({ ok: false, class: 'unavailable' });
    expect(requests).toEqual([]);
  });
});

describe('connections', () => {
  it('are used again', async () => {
    const { origin, server, requests } = await startServer((_, outgoing) => outgoing.end('{}'));
    let connections = 0;
    server.on('connection', () => {
      connections += 1;
    });
    const client = clientOf(origin);
    for (let i = 0; i < 5; i++) expect(await client.send(call, read)).toMatchObject({ ok: true });
    expect(requests).toHaveLength(5);
    expect(connections).toBe(1);
  });

  it('that are all taken make a call wait, and it is certainly not sent when its time is over first', async () => {
    const abort = new AbortController();
    const { origin, requests, server } = await startServer(() => {
      if (requests.length === BOUNDS.outboundConcurrency) abort.abort();
    });
    const client = clientOf(origin, { timeoutMs: 600_000 });
    const taken = Array.from({ length: BOUNDS.outboundConcurrency }, () => client.send(call, write));
    const waiting = await client.send(call, { repeatable: false, signal: abort.signal });
    expect(waiting).toMatchObject({ ok: false, class: 'unavailable' });
    server.closeAllConnections();
    await Promise.all(taken);
    expect(requests).toHaveLength(BOUNDS.outboundConcurrency);
  });

  it('to one system are bounded, and everyone gets their turn', async () => {
    let open = 0;
    let most = 0;
    const { origin, server } = await startServer((_, outgoing) => setImmediate(() => outgoing.end('{}')));
    server.on('connection', (socket) => {
      open += 1;
      most = Math.max(most, open);
      socket.on('close', () => {
        open -= 1;
      });
    });
    const client = clientOf(origin, { timeoutMs: 600_000 });
    const count = BOUNDS.outboundConcurrency * 4;
    const results = await Promise.all(
      Array.from({ length: count }, () => client.send(call, { repeatable: false, signal: never })),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(count);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(BOUNDS.outboundConcurrency);
  });
});
