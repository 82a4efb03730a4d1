import { exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import { describe, expect, test } from 'vitest';
import { oktaSettings } from '../../../connectors/okta/settings.ts';
import { SIMULATED_TOKEN } from '../../../connectors/okta/simulator/access.ts';
import { SEED } from '../../../connectors/okta/simulator/seed.ts';
import { createSimulator } from '../../../src/connector/simulator/create-simulator.ts';
import { connectTo, openWorld } from './okta-world.ts';

const origin = 'https://example.okta.com';
const app = { clientId: '0oaserviceapp0000001', privateKey: 'a key', scopes: ['okta.users.read'] };

describe('settings', () => {
  test.each([
    [{ origin, token: 't' }, true],
    [{ origin, ...app }, true],
    [{ origin, ...app, keyId: 'k1' }, true],
    [{ origin }, false],
    [{ origin, token: 't', ...app }, false],
    [{ origin, clientId: app.clientId }, false],
    [{ origin, ...app, scopes: [] }, false],
    [{ origin, ...app, scopes: ['openid email'] }, false],
    [{ token: 't' }, false],
    [{ origin, token: 't', more: true }, false],
  ])('%j is valid: %s', (settings, expected) => {
    expect(oktaSettings.safeParse(settings).success).toBe(expected);
  });
});

describe('who is calling', () => {
  test('an API token goes out as SSWS', async () => {
    const world = await openWorld();
    expect(await world.run('okta.user.get', { userId: SEED.users.ada })).toMatchObject({ status: 'succeeded' });
    await world.close();
  });

  test('another API token is refused, and the operator is told', async () => {
    const world = await openWorld({ settings: (own) => ({ origin: own, token: 'another token' }) });
    expect(await world.run('okta.user.get', { userId: SEED.users.ada })).toMatchObject({
      status: 'failed',
      code: 'CREDENTIAL_REFUSED',
    });
    await world.close();
  });

  test.each(['RS256', 'ES256'])('a service app proves itself by a key, %s, as PEM and as JWK', async (algorithm) => {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const serviceApp = { ...app, publicKey: { ...(await exportJWK(publicKey)), alg: algorithm } };
    const forms = [await exportPKCS8(privateKey), JSON.stringify(await exportJWK(privateKey))];
    for (const form of forms) {
      const world = await openWorld({ serviceApp, settings: (own) => ({ origin: own, ...app, privateKey: form }) });
      expect(await world.run('okta.user.get', { userId: SEED.users.ada })).toMatchObject({ status: 'succeeded' });
      await world.close();
    }
  });

  test('a service app with another key, or a scope that it was not given, is refused', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const other = await generateKeyPair('RS256', { extractable: true });
    const serviceApp = { ...app, publicKey: await exportJWK(publicKey) };
    const attempts = [
      { ...app, privateKey: await exportPKCS8(other.privateKey) },
      { ...app, privateKey: await exportPKCS8(privateKey), scopes: ['okta.users.manage'] },
    ];
    for (const attempt of attempts) {
      const world = await openWorld({ serviceApp, settings: (own) => ({ origin: own, ...attempt }) });
      expect(await world.run('okta.user.suspend', { userId: SEED.users.ada })).toMatchObject({
        status: 'failed',
        code: 'CREDENTIAL_REFUSED',
      });
      expect(world.effects()).toEqual([]);
      await world.close();
    }
  });
});

describe('the check of an operator', () => {
  test.each([
    [undefined, undefined],
    [401, 'CREDENTIAL_REFUSED'],
    [403, 'CREDENTIAL_REFUSED'],
    [500, 'SYSTEM_UNAVAILABLE'],
  ])('of a system that answers %s ends in %s', async (status, code) => {
    const world = await openWorld();
    if (status !== undefined) world.simulator.fail({ when: 'before', answer: status, times: 9 });
    expect((await world.check())?.code).toBe(code);
    expect(world.effects()).toEqual([]);
    await world.close();
  });
});

describe('the credential never comes back', () => {
  test('a system that quotes it in an error, a header and a body is redacted', async () => {
    const simulator = await createSimulator({
      options: { port: 0 },
      settings: (own) => ({ origin: own, token: SIMULATED_TOKEN }),
      handle: ({ headers }) => ({
        status: 400,
        headers: { 'x-echo': headers['authorization'] ?? '' },
        body: {
          errorCode: 'E0000001',
          errorSummary: `you sent ${headers['authorization']}`,
          errorId: SIMULATED_TOKEN,
          errorCauses: [{ errorSummary: SIMULATED_TOKEN }],
        },
      }),
    });
    const world = await connectTo(simulator, simulator.settings);
    const result = await world.run('okta.user.suspend', { userId: SEED.users.ada });
    expect(result).toMatchObject({ status: 'failed' });
    expect(JSON.stringify(result)).not.toContain(SIMULATED_TOKEN);
    await world.close();
  });
});

describe('the rate limit', () => {
  test('refuses what is over it with the reset in seconds, and nothing happens', async () => {
    const world = await openWorld({ requestsPerMinute: 1 });
    await world.run('okta.group.get', { groupId: SEED.groups.finance });
    const result = await world.run('okta.user.suspend', { userId: SEED.users.ada });
    expect(result).toMatchObject({ status: 'failed', code: 'RATE_LIMITED' });
    expect(result.status === 'failed' && result.retryAfterMs).toBeGreaterThan(30_000);
    expect(world.effects()).toEqual([]);
    await world.close();
  });
});
