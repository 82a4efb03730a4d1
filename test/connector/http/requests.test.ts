import { describe, expect, it } from 'vitest';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { clientOf, startServer, write } from './loopback.ts';

interface Seen {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

async function seenBySystem(call: HttpCall, credential: Record<string, string> = {}): Promise<Seen> {
  const seen: Seen[] = [];
  const { origin } = await startServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    seen.push({ headers: incoming.headers, body: Buffer.concat(chunks).toString() });
    outgoing.end('{}');
  });
  const authentication = { headers: async () => credential, refused: () => false };
  expect(await clientOf(origin, { authentication }).send(call, write)).toMatchObject({ ok: true });
  expect(seen).toHaveLength(1);
  return seen[0] as Seen;
}

describe('a request', () => {
  it('carries its body as JSON', async () => {
    const { headers, body } = await seenBySystem({ method: 'PATCH', path: '/a', body: { name: 'Zoë', n: null } });
    expect(headers).toMatchObject({ 'content-type': 'application/json', accept: 'application/json' });
    expect(JSON.parse(body)).toEqual({ name: 'Zoë', n: null });
  });

  it('carries a form as a form', async () => {
    const { headers, body } = await seenBySystem({ method: 'POST', path: '/a', form: { a: 'b c', d: 'é&=' } });
    expect(headers).toMatchObject({ 'content-type': 'application/x-www-form-urlencoded' });
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({ a: 'b c', d: 'é&=' });
  });

  it('carries a text as it is, under the type that the call gives it', async () => {
    const text = '<a b="é">&amp;</a>';
    const headers = { 'Content-Type': 'text/xml; charset=utf-8' };
    expect(await seenBySystem({ method: 'POST', path: '/a', text, headers })).toMatchObject({
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      body: text,
    });
    expect((await seenBySystem({ method: 'PUT', path: '/a', text })).headers['content-type']).toBe('text/plain');
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'GET'] as const)('without a body names no type: %s', async (method) => {
    const { headers, body } = await seenBySystem({ method, path: '/a' });
    expect(headers).not.toHaveProperty('content-type');
    expect(body).toBe('');
  });

  it('keeps the connector’s own headers, whatever their case', async () => {
    const headers = {
      Accept: 'application/scim+json',
      'If-Match': '"7"',
      'Content-Type': 'application/json-patch+json',
    };
    const seen = await seenBySystem({ method: 'PATCH', path: '/a', body: [], headers });
    expect(seen.headers).toMatchObject({
      accept: 'application/scim+json',
      'if-match': '"7"',
      'content-type': 'application/json-patch+json',
    });
  });

  it('carries the credential of the system, not one that the call brings', async () => {
    const call: HttpCall = { method: 'GET', path: '/a', headers: { Authorization: 'Bearer other' } };
    const { headers } = await seenBySystem(call, { authorization: 'Bearer own' });
    expect(headers['authorization']).toBe('Bearer own');
  });
});
