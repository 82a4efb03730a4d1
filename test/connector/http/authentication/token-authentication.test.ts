import { describe, expect, it } from 'vitest';
import {
  type ClientCredentials,
  clientCredentialsAuthentication,
} from '../../../../src/connector/http/authentication/client-credentials-authentication.ts';
import { refreshTokenAuthentication } from '../../../../src/connector/http/authentication/refresh-token-authentication.ts';
import type { Clock } from '../../../../src/lib/clock.ts';
import { clientOf, deadOrigin, hurriedClock, read, startServer, write } from '../loopback.ts';
import { startTokenWorld, type TokenWorld } from './token-world.ts';

const call = { method: 'GET', path: '/a' } as const;

function clientCredentials(world: TokenWorld, changes: Partial<ClientCredentials> = {}) {
  return clientCredentialsAuthentication({
    tokenUrl: `${world.tokenServer.origin}/oauth/token?tenant=t1`,
    clientId: 'client+1',
    clientSecret: 'client secret/1',
    style: 'basic',
    clock: hurriedClock(),
    ...changes,
  });
}

/** A clock that the test sets; its timers never fire. */
function setClock(): Clock & { set(now: number): void } {
  let now = 1_000_000;
  return {
    now: () => now,
    after: () => () => undefined,
    set: (next) => {
      now = next;
    },
  };
}

describe('client credentials', () => {
  it('go into a Basic header, form-encoded first', async () => {
    const world = await startTokenWorld();
    const authentication = clientCredentials(world, { scope: 'a b', extra: { audience: 'api' } });
    expect(await clientOf(world.api.origin, { authentication }).send(call, read)).toMatchObject({ ok: true });
    const [request] = world.tokenRequests;
    expect(request?.headers['authorization']).toBe(
      `Basic ${Buffer.from('client%2B1:client+secret%2F1').toString('base64')}`,
    );
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      grant_type: 'client_credentials',
      scope: 'a b',
      audience: 'api',
    });
    expect(`${request?.method} ${request?.path}?${request?.query}`).toBe('POST /oauth/token?tenant=t1');
  });

  it('go into the form where the system wants them there', async () => {
    const world = await startTokenWorld();
    const authentication = clientCredentials(world, { style: 'form' });
    expect(await clientOf(world.api.origin, { authentication }).send(call, read)).toMatchObject({ ok: true });
    const [request] = world.tokenRequests;
    expect(request?.headers).not.toHaveProperty('authorization');
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      grant_type: 'client_credentials',
      client_id: 'client+1',
      client_secret: 'client secret/1',
    });
  });
});

describe('a token', () => {
  it('is fetched once for 50 calls at once, and kept', async () => {
    const world = await startTokenWorld();
    const client = clientOf(world.api.origin, { authentication: clientCredentials(world) });
    const results = await Promise.all(Array.from({ length: 50 }, () => client.send(call, write)));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(await client.send(call, write)).toMatchObject({ ok: true });
    expect(world.tokenRequests).toHaveLength(1);
  });

  it('is renewed once when it is revoked under 50 calls, writes too, because a 401 says that nothing happened', async () => {
    const world = await startTokenWorld();
    const client = clientOf(world.api.origin, { authentication: clientCredentials(world) });
    await client.send(call, read);
    world.revokeAll();
    const results = await Promise.all(
      Array.from({ length: 50 }, () => client.send({ ...call, method: 'POST' }, write)),
    );
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(world.tokenRequests).toHaveLength(2);
  });

  it('is renewed once per call: a system that refuses the new one too is believed', async () => {
    const world = await startTokenWorld();
    const refusing = await startServer((_, outgoing) => outgoing.writeHead(401).end());
    const client = clientOf(refusing.origin, { authentication: clientCredentials(world) });
    expect(await client.send(call, read)).toMatchObject({ ok: false, class: 'credential', reply: { status: 401 } });
    expect(refusing.requests).toHaveLength(2);
    expect(world.tokenRequests).toHaveLength(2);
  });

  it('is renewed shortly before it expires, and not before that', async () => {
    const world = await startTokenWorld({ expiresIn: 3_600 });
    const clock = setClock();
    const authentication = clientCredentials(world, { clock });
    const client = clientOf(world.api.origin, { authentication });
    const startedAt = clock.now();
    await client.send(call, read);
    clock.set(startedAt + 3_569_000);
    await client.send(call, read);
    expect(world.tokenRequests).toHaveLength(1);
    clock.set(startedAt + 3_571_000);
    await client.send(call, read);
    expect(world.tokenRequests).toHaveLength(2);
  });

  it.each<[string, object]>([
    ['without a token', {}],
    ['with a token of another type', { access_token: 'a', token_type: 'mac' }],
    ['with a token that would break the header', { access_token: 'a\r\nX-Evil: 1' }],
    ['with a lifetime that is none', { access_token: 'a', expires_in: -1 }],
  ])('that is not usable sends nothing: an answer %s', async (_, answer) => {
    const tokens = await startServer((__, outgoing) => outgoing.end(JSON.stringify(answer)));
    const api = await startServer((__, outgoing) => outgoing.end('{}'));
    const authentication = clientCredentialsAuthentication({
      tokenUrl: `${tokens.origin}/token`,
      clientId: 'a',
      clientSecret: 'b',
      style: 'basic',
      clock: hurriedClock(),
    });
    expect(await clientOf(api.origin, { authentication }).send(call, write)).toMatchObject({
      ok: false,
      class: 'credential',
    });
    expect(api.requests).toEqual([]);
  });
});

describe('a token endpoint that says no', () => {
  it.each([
    [400, { error: 'invalid_grant' }, 'credential', 'The token endpoint answered 400 invalid_grant.'],
    [
      401,
      { error: 'invalid_client', error_description: 'client secret/1 is wrong' },
      'credential',
      'The token endpoint answered 401 invalid_client.',
    ],
    [401, { error: 'client secret/1' }, 'credential', 'The token endpoint answered 401.'],
    [429, {}, 'rate-limited', 'The token endpoint answered 429.'],
    [503, {}, 'unavailable', 'The token endpoint answered 503.'],
  ])('%d %j makes the call fail as %s, with nothing sent', async (status, body, expected, detail) => {
    const world = await startTokenWorld({ deny: () => ({ status, body, headers: { 'retry-after': '40' } }) });
    const client = clientOf(world.api.origin, { authentication: clientCredentials(world) });
    expect(await client.send(call, write)).toMatchObject({ ok: false, class: expected, detail });
    expect(world.apiRequests).toEqual([]);
  });

  it('is asked again by the next call', async () => {
    let denied = true;
    const world = await startTokenWorld({
      deny: () => (denied ? { status: 400, body: { error: 'invalid_client' } } : undefined),
    });
    const client = clientOf(world.api.origin, { authentication: clientCredentials(world) });
    expect(await client.send(call, write)).toMatchObject({ ok: false, class: 'credential' });
    denied = false;
    expect(await client.send(call, write)).toMatchObject({ ok: true });
  });

  it('by not being there makes the call fail as certainly not sent', async () => {
    const world = await startTokenWorld();
    const authentication = clientCredentials(world, { tokenUrl: `${await deadOrigin()}/token` });
    expect(await clientOf(world.api.origin, { authentication }).send(call, write)).toMatchObject({
      ok: false,
      class: 'unavailable',
    });
    expect(world.apiRequests).toEqual([]);
  });

  it('by a redirect gets no credential to another host', async () => {
    const other = await startServer((_, outgoing) => outgoing.end('{}'));
    const deny = () => ({ status: 307, headers: { location: `${other.origin}/token` } });
    const world = await startTokenWorld({ deny });
    const client = clientOf(world.api.origin, { authentication: clientCredentials(world) });
    expect(await client.send(call, write)).toMatchObject({ ok: false, class: 'origin' });
    expect(other.requests).toEqual([]);
  });

  it.each(['http://system.example/token', 'https://a:b@system.example/token', 'token', ''])(
    'has an address that is checked when the connector starts: %j',
    async (tokenUrl) => {
      const world = await startTokenWorld();
      expect(() => clientCredentials(world, { tokenUrl })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    },
  );
});

describe('a refresh token', () => {
  const credentials = (world: TokenWorld) => ({
    tokenUrl: `${world.tokenServer.origin}/ccx/oauth2/tenant/token`,
    clientId: 'c',
    clientSecret: 'client-secret-1',
    refreshToken: 'refresh-1',
    style: 'basic' as const,
    clock: hurriedClock(),
  });

  it('gets access tokens, and gives way to the one that comes with them', async () => {
    let next = 1;
    const extra = () => {
      next += 1;
      return { refresh_token: `refresh-${next}` };
    };
    const world = await startTokenWorld({ extra });
    const client = clientOf(world.api.origin, { authentication: refreshTokenAuthentication(credentials(world)) });
    await client.send(call, read);
    world.revokeAll();
    expect(await client.send(call, read)).toMatchObject({ ok: true });
    expect(world.tokenRequests.map(({ form }) => form.get('refresh_token'))).toEqual(['refresh-1', 'refresh-2']);
    expect(world.tokenRequests[0]?.form.get('grant_type')).toBe('refresh_token');
  });

  it('is tried again when the answer was lost, in the call that needs it', async () => {
    const world = await startTokenWorld();
    world.tokenServer.fail({ when: 'after', answer: 'reset' });
    const client = clientOf(world.api.origin, { authentication: refreshTokenAuthentication(credentials(world)) });
    expect(await client.send(call, write)).toMatchObject({ ok: true });
    expect(world.tokenRequests).toHaveLength(2);
    expect(world.apiRequests).toHaveLength(1);
  });
});
