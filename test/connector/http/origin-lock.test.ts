import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { clientOf, read, startServer, write } from './loopback.ts';

describe('the origin lock', () => {
  it.each([
    '//evil.example/x',
    'https://evil.example/x',
    '@evil.example/x',
    '.evil.example/x',
    ':80@evil.example/x',
    'x',
    '',
    '/\\evil.example/x',
    '/a/../b',
    '/a/./b',
    '/a/%2e%2e/b',
    '/a/..\\b',
    '/a?b=c',
    '/a#b',
    '/a\nb',
    '/a\tb',
    '/a b',
  ])('sends nothing for the path %j', async (path) => {
    const { origin, requests } = await startServer((_, outgoing) => outgoing.end('{}'));
    const client = clientOf(origin);
    expect(await client.send({ method: 'GET', path }, read)).toMatchObject({ ok: false, class: 'origin' });
    expect(requests).toEqual([]);
    expect(await client.send({ method: 'GET', path: '/a/b' }, read)).toMatchObject({ ok: true });
  });

  it.each(['Host', 'host', 'Content-Length', 'Transfer-Encoding', 'Connection', 'Proxy-Authorization'])(
    'sends nothing when the call sets the header %s',
    async (name) => {
      const { origin, requests } = await startServer((_, outgoing) => outgoing.end('{}'));
      const call: HttpCall = { method: 'GET', path: '/a', headers: { [name]: 'evil.example' } };
      expect(await clientOf(origin).send(call, read)).toMatchObject({ ok: false, class: 'origin' });
      expect(requests).toEqual([]);
    },
  );

  it('puts values of the query where they cannot become anything else', async () => {
    const { origin, requests } = await startServer((_, outgoing) => outgoing.end('{}'));
    const query = { a: 'x&b=1#?/../', skipped: undefined, limit: 5, on: true };
    await clientOf(origin).send({ method: 'GET', path: '/a', query }, read);
    expect(requests).toEqual(['GET /a?a=x%26b%3D1%23%3F%2F..%2F&limit=5&on=true']);
  });

  it.each([301, 302, 303, 307, 308])('does not follow a %d to another host', async (status) => {
    const other = await startServer((_, outgoing) => outgoing.end('{}'));
    const { origin, requests } = await startServer((_, outgoing) => {
      outgoing.writeHead(status, { location: `${other.origin}/stolen` }).end();
    });
    expect(await clientOf(origin).send({ method: 'GET', path: '/a' }, read)).toMatchObject({
      ok: false,
      class: 'origin',
    });
    expect(requests).toHaveLength(1);
    expect(other.requests).toEqual([]);
  });

  it.each([
    ['a read', 302, read, 'refused'],
    ['a write that was certainly not handled', 307, write, 'refused'],
    ['a write that may have been handled before', 303, write, 'ambiguous'],
  ] as const)('does not follow a redirect within its host either: %s', async (_, status, options, expected) => {
    const { origin, requests } = await startServer((__, outgoing) => {
      outgoing.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(await clientOf(origin).send({ method: 'POST', path: '/a' }, options)).toMatchObject({
      ok: false,
      class: expected,
    });
    expect(requests).toHaveLength(1);
  });

  it('ignores a proxy that the environment names', async () => {
    const proxy = await startServer((_, outgoing) => outgoing.end('{}'));
    const { origin, requests } = await startServer((_, outgoing) => outgoing.end('{}'));
    vi.stubEnv('http_proxy', proxy.origin);
    vi.stubEnv('no_proxy', '');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await clientOf(origin).send({ method: 'GET', path: '/a' }, read)).toMatchObject({ ok: true });
    expect(requests).toHaveLength(1);
    expect(proxy.requests).toEqual([]);
  });

  it.each([
    'http://system.example',
    'ftp://system.example',
    'https://ann:hunter2@system.example',
    'https://system.example/base',
    'https://system.example?x=1',
    'https://system.example#x',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'https://127.1',
    'https://0177.0.0.1',
    'https://0x7f.0.0.1',
    'https://2130706433',
    'https://①②⑦.0.0.1',
    'https://ｓystem.example',
    'https://[::ffff:169.254.169.254]',
    'https://[::ffff:a9fe:a9fe]',
    'https://169.254.169.254',
    'https://0.0.0.0',
    'https://[fe80::1]',
    'https://localhost.',
    'https://system.example.',
    'https://good.example%2f@evil.example',
    'https:\\\\system.example',
    'https:/system.example',
    'https://system.example:443:80',
    'system.example',
    '',
  ])('refuses the origin %j, without repeating it', (origin) => {
    const refused = expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.not.stringContaining('hunter2'),
    });
    expect(() => clientOf(origin)).toThrow(refused);
  });

  it.each([
    'https://system.example',
    'https://System.Example',
    'https://system.example:443',
    'https://system.example:8443/',
    'https://10.0.0.5',
    'http://localhost:1',
    'http://127.0.0.1:1',
    'http://[::1]:1',
  ])('accepts the origin %j', (origin) => {
    expect(() => clientOf(origin)).not.toThrow();
  });
});
