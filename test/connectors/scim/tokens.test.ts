import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SEED } from '../../../connectors/scim/simulator/seed.ts';
import { type Clock, systemClock } from '../../../src/lib/clock.ts';
import { CLIENT, type IdentityProvider, KEYED, startIdentityProvider } from './identity-provider.ts';
import { openWorld } from './scim-world.ts';

let provider: IdentityProvider;
beforeEach(async () => {
  provider = await startIdentityProvider();
});
afterEach(() => provider.close());

const userId = SEED.users.ada;
const open = (oauth: object, connectorClock?: Clock) =>
  openWorld({
    authenticate: provider.authenticate,
    settings: { oauth: { tokenUrl: provider.tokenUrl, scope: 'scim', ...oauth } },
    ...(connectorClock === undefined ? {} : { connectorClock }),
  });

describe('tokens of a real OpenID provider', () => {
  test.each([
    ['a secret in a Basic header', () => ({ ...CLIENT })],
    ['a signed assertion', () => ({ clientId: KEYED, privateKey: provider.privateKey, keyId: 'k1' })],
  ])('are given for %s, and one serves many calls', async (_what, oauth) => {
    const world = await open(oauth());
    expect(await world.run('scim.user.deactivate', { userId })).toMatchObject({ status: 'succeeded' });
    expect(await world.run('scim.user.get', { userId })).toMatchObject({ result: { active: false } });
    expect(new Set(provider.shown).size).toBe(1);
    await world.close();
  });

  test('one that is revoked in mid-run is replaced, and the write has one effect', async () => {
    const world = await open(CLIENT);
    await world.run('scim.user.get', { userId });
    await provider.revoke(provider.shown[0] ?? '');
    expect(await world.run('scim.user.deactivate', { userId })).toMatchObject({ status: 'succeeded' });
    expect(world.effects()).toEqual([`user.deactivate ${userId}`]);
    expect(new Set(provider.shown).size).toBe(2);
    await world.close();
  });

  test('one that is about to expire is replaced before anybody refuses it', async () => {
    let aheadMs = 0;
    const clock: Clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
    const world = await open(CLIENT, clock);
    await world.run('scim.user.get', { userId });
    aheadMs = 599_000;
    await world.run('scim.user.get', { userId });
    expect(new Set(provider.shown).size).toBe(2);
    await world.close();
  });

  test('one without the scope is refused by the service, once more for a new one, and nothing happens', async () => {
    const world = await open({ ...CLIENT, scope: 'openid' });
    expect(await world.run('scim.user.delete', { userId })).toMatchObject({
      status: 'failed',
      code: 'CREDENTIAL_REFUSED',
    });
    expect(provider.shown.length).toBeLessThanOrEqual(2);
    expect(world.effects()).toEqual([]);
    await world.close();
  });

  test.each([
    ['another secret', () => ({ ...CLIENT, clientSecret: 'another secret of the test' })],
    ['a client that is not known', () => ({ ...CLIENT, clientId: 'mallory' })],
  ])('are not given for %s, and nothing is sent to the service', async (_what, oauth) => {
    const world = await open(oauth());
    expect(await world.run('scim.user.delete', { userId })).toMatchObject({
      status: 'failed',
      code: 'CREDENTIAL_REFUSED',
    });
    expect(provider.shown).toEqual([]);
    expect(world.effects()).toEqual([]);
    await world.close();
  });
});
