import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { decodeJwt, jwtVerify } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import type { Authentication } from '../../../../src/connector/contract.ts';
import { clientCredentialsAuthentication } from '../../../../src/connector/http/authentication/client-credentials-authentication.ts';
import { jwtBearerAuthentication } from '../../../../src/connector/http/authentication/jwt-bearer-authentication.ts';
import { privateKeyJwtAuthentication } from '../../../../src/connector/http/authentication/private-key-jwt-authentication.ts';
import { createSimulator } from '../../../../src/connector/simulator/create-simulator.ts';
import { createSimulatedTokenEndpoint } from '../../../../src/connector/simulator/token-endpoint.ts';
import { systemClock as clock } from '../../../../src/lib/clock.ts';
import { clientOf, read } from '../loopback.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A system that answers who called, and whose token endpoint knows a client by secret and one by key. */
async function startSystem() {
  const endpoint = createSimulatedTokenEndpoint({
    path: '/oauth2/token',
    clients: [{ clientId: 'by key' }, { clientId: 'by:secret', clientSecret: 's%c ret' }],
  });
  const forms: URLSearchParams[] = [];
  const simulator = await createSimulator({
    options: { port: 0 },
    settings: () => ({}),
    handle: (request, world) => {
      const token = endpoint.answer(request, world);
      if (token !== undefined) {
        forms.push(request.form);
        return token;
      }
      const client = endpoint.clientOf(request, world);
      return client === undefined ? { status: 401 } : { status: 200, body: { client } };
    },
  });
  onTestFinished(() => simulator.close());
  return { ...simulator, endpoint, forms, tokenUrl: `${simulator.origin}/oauth2/token` };
}

const call = { method: 'GET', path: '/me' } as const;
const key = { privateKeyPem, clock };
const secret = { clientId: 'by:secret', clientSecret: 's%c ret', clock };

test.each<[string, string, (tokenUrl: string) => Authentication]>([
  [
    'a JWT bearer grant',
    'by key',
    (tokenUrl) => jwtBearerAuthentication({ ...key, tokenUrl, issuer: 'by key', subject: 'ann' }),
  ],
  [
    'private_key_jwt',
    'by key',
    (tokenUrl) => privateKeyJwtAuthentication({ ...key, tokenUrl, clientId: 'by key', scope: 'a' }),
  ],
  [
    'a secret in Basic',
    'by:secret',
    (tokenUrl) => clientCredentialsAuthentication({ ...secret, tokenUrl, style: 'basic' }),
  ],
  [
    'a secret in the form',
    'by:secret',
    (tokenUrl) => clientCredentialsAuthentication({ ...secret, tokenUrl, style: 'form' }),
  ],
])('%s gets a token, and another one in mid-call when it was revoked', async (_, client, make) => {
  const { origin, tokenUrl, endpoint, forms } = await startSystem();
  const http = clientOf(origin, { authentication: make(tokenUrl) });
  expect(await http.send(call, read)).toMatchObject({ ok: true, reply: { body: { client } } });
  endpoint.revokeAll();
  expect(await http.send(call, { ...read, repeatable: false })).toMatchObject({ ok: true });
  expect(forms).toHaveLength(2);
});

test('a wrong secret and an unknown issuer get none', async () => {
  const { origin, tokenUrl } = await startSystem();
  for (const authentication of [
    clientCredentialsAuthentication({ ...secret, clientSecret: 'other', tokenUrl, style: 'basic' }),
    jwtBearerAuthentication({ ...key, tokenUrl, issuer: 'nobody', subject: 'ann' }),
  ])
    expect(await clientOf(origin, { authentication }).send(call, read)).toMatchObject({
      ok: false,
      class: 'credential',
    });
});

test('the assertion names issuer, subject and the audience that the server wants', async () => {
  const { origin, tokenUrl, forms } = await startSystem();
  const authentication = jwtBearerAuthentication({
    ...key,
    tokenUrl,
    issuer: 'by key',
    subject: 'ann',
    audience: 'https://login.example',
    keyId: 'k1',
  });
  await clientOf(origin, { authentication }).send(call, read);
  const assertion = forms[0]?.get('assertion') ?? '';
  const spki = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
  const { protectedHeader } = await jwtVerify(assertion, spki);
  expect(protectedHeader).toEqual({ alg: 'RS256', kid: 'k1' });
  expect(decodeJwt(assertion)).toMatchObject({ iss: 'by key', sub: 'ann', aud: 'https://login.example' });
});
