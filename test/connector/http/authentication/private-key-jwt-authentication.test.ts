import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { privateKeyJwtAuthentication } from '../../../../src/connector/http/authentication/private-key-jwt-authentication.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { clientOf, read } from '../loopback.ts';
import { startTokenWorld } from './token-world.ts';

const call = { method: 'GET', path: '/a' } as const;

describe('a private key', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  it.each([
    [
      'RSA as PKCS #8',
      { privateKeyPem: rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
      rsa.publicKey,
      'RS256',
    ],
    [
      'RSA as PKCS #1',
      { privateKeyPem: rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() },
      rsa.publicKey,
      'RS256',
    ],
    ['RSA as a JWK', { jwk: { ...rsa.privateKey.export({ format: 'jwk' }) } }, rsa.publicKey, 'RS256'],
    [
      'a curve as the text of a JWK',
      { jwk: JSON.stringify(ec.privateKey.export({ format: 'jwk' })) },
      ec.publicKey,
      'ES256',
    ],
  ])('signs an assertion for the token endpoint: %s', async (_, key, publicKey, algorithm) => {
    const world = await startTokenWorld();
    const tokenUrl = `${world.tokenServer.origin}/oauth2/v1/token`;
    const authentication = privateKeyJwtAuthentication({
      ...key,
      tokenUrl,
      clientId: '0oa1',
      keyId: 'kid-1',
      scope: 'okta.users.manage',
      clock: systemClock,
    });
    expect(await clientOf(world.api.origin, { authentication }).send(call, read)).toMatchObject({ ok: true });
    const form = world.tokenRequests[0]?.form;
    expect(form?.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    expect(form?.get('scope')).toBe('okta.users.manage');
    const assertion = form?.get('client_assertion') ?? '';
    const verified = await jwtVerify(assertion, createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })), {
      audience: tokenUrl,
      issuer: '0oa1',
      subject: '0oa1',
      algorithms: [algorithm],
    });
    expect(verified.protectedHeader).toEqual({ alg: algorithm, kid: 'kid-1' });
    expect(verified.payload).toMatchObject({ jti: expect.any(String), exp: (verified.payload.iat ?? 0) + 300 });
  });

  it.each([
    ['no key', { privateKeyPem: 'sentinel-not-a-key' }],
    ['a JWK that is not JSON', { jwk: '{sentinel' }],
    ['a JWK without its private part', { jwk: { ...rsa.publicKey.export({ format: 'jwk' }) } }],
    ['a key of an unknown kind', { jwk: { ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) } }],
  ])('that cannot sign is refused when the connector starts: %s', (_, key) => {
    const make = () =>
      privateKeyJwtAuthentication({
        ...key,
        tokenUrl: 'https://a.example/token',
        clientId: 'c',
        scope: 's',
        clock: systemClock,
      });
    expect(make).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.not.stringContaining('sentinel') }),
    );
    expect(make).toThrow(expect.not.objectContaining({ cause: expect.anything() }));
  });
});
