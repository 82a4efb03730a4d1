import { expect, test } from 'vitest';
import { userDn } from '../../../connectors/ldap/simulator/seed.ts';
import { ldapWorld } from './ldap-world.ts';

const ada = userDn('ada');
const DIALECTS = [
  { server: 'openldap', attribute: 'pwdAccountLockedTime', enabled: [], disabled: ['000001010000Z'] },
  { server: '389ds', attribute: 'nsAccountLock', enabled: [], disabled: ['true'] },
  { server: 'active-directory', attribute: 'userAccountControl', enabled: ['66048'], disabled: ['66050'] },
];

test.each(DIALECTS)(
  '$server disables and enables by $attribute, and keeps what else it says',
  async ({ server, attribute, enabled, disabled }) => {
    const world = await ldapWorld({ settings: { server } });
    const run = (operation: string) => world.run({ operation: `ldap.user.${operation}`, input: { dn: ada } });
    const written = () => JSON.parse(world.wire.calls.at(-1)?.body ?? '{}').changes;
    if (enabled.length > 0) {
      const changes = [{ operation: 'add', attribute, values: enabled }];
      await world.run({ operation: 'ldap.entry.modify', input: { dn: ada, changes } });
    }
    expect(await world.lookUp('userDisabled', { type: 'Ldap::User', id: ada })).toBe(false);
    expect(await run('disable')).toMatchObject({ status: 'succeeded', result: { changed: true } });
    expect(written()).toEqual([{ operation: 'replace', attribute, values: disabled }]);
    expect(await world.lookUp('userDisabled', { type: 'Ldap::User', id: ada })).toBe(true);
    expect(await run('disable')).toMatchObject({ status: 'succeeded', result: { changed: false } });
    expect(await run('enable')).toMatchObject({ status: 'succeeded', result: { changed: true } });
    expect(written()).toEqual([{ operation: 'replace', attribute, values: enabled }]);
  },
);

test('an entry of Active Directory that does not say is not taken for enabled, and not written', async () => {
  const world = await ldapWorld({ settings: { server: 'active-directory' } });
  expect(await world.lookUp('userDisabled', { type: 'Ldap::User', id: ada })).toBeUndefined();
  expect(await world.run({ operation: 'ldap.user.disable', input: { dn: ada } })).toMatchObject({ status: 'failed' });
  expect(world.effects()).toEqual([]);
});

test('Active Directory gets a password quoted and in UTF-16, and no other attribute', async () => {
  const world = await ldapWorld({ settings: { server: 'active-directory', passwords: { initial: 'Pässword-1' } } });
  expect(
    await world.run({ operation: 'ldap.user.reset-password', input: { dn: ada, password: 'initial' } }),
  ).toMatchObject({
    status: 'succeeded',
    result: {},
  });
  const { changes } = JSON.parse(world.wire.calls.at(-1)?.body ?? '{}');
  expect(changes).toMatchObject([{ operation: 'replace', attribute: 'unicodePwd' }]);
});

test('a password that settings do not name is refused; without one it is a new one every time', async () => {
  const world = await ldapWorld();
  const reset = world.operation('ldap.user.reset-password');
  expect(reset.input.safeParse({ dn: ada, password: 'hunter2-hunter2' }).success).toBe(false);
  const passwords = [];
  for (const _ of [1, 2]) {
    await world.run({ operation: 'ldap.user.reset-password', input: { dn: ada } });
    passwords.push(world.wire.calls.at(-1)?.headers['x-new-password']);
  }
  expect(new Set(passwords).size).toBe(2);
  expect(passwords.every((password) => String(password).length > 30)).toBe(true);
});
