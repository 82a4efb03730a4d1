import { afterAll, describe, expect, test } from 'vitest';
import { ldapSettings } from '../../../connectors/ldap/settings.ts';
import { BASE, GROUPS, groupDn, seedSettings, USERS, userDn } from '../../../connectors/ldap/simulator/seed.ts';
import { simulateLdap } from '../../../connectors/ldap/simulator/simulate-ldap.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { hasSlapd } from '../../support/slapd-server.ts';
import { asked, ldapWorld } from './ldap-world.ts';
import { prepareDirectory, simulateSlapd } from './real-directory.ts';

const ada = userDn('ada');
const template = hasSlapd ? prepareDirectory() : undefined;
afterAll(() => template?.remove());
const DIRECTORIES = [
  { what: 'the simulated directory', simulate: simulateLdap },
  ...(template === undefined ? [] : [{ what: 'a real OpenLDAP', simulate: simulateSlapd(template) }]),
];

describe('what is not below its base', () => {
  const elsewhere = 'uid=ada,ou=people,dc=other,dc=com';
  test.each<readonly [string, JsonObject]>([
    ['ldap.user.get', { dn: elsewhere }],
    ['ldap.user.get', { dn: USERS }],
    ['ldap.user.delete', { dn: groupDn('admins') }],
    ['ldap.user.delete', { dn: `uid=ada\\,ou=people\\,dc=example,dc=com` }],
    ['ldap.group.delete', { dn: ada }],
    ['ldap.entry.delete', { dn: BASE }],
    ['ldap.entry.delete', { dn: 'cn=config' }],
    ['ldap.entry.modify', { dn: '', changes: [{ operation: 'add', attribute: 'description', values: ['x'] }] }],
    ['ldap.entry.move', { dn: ada, under: 'dc=other,dc=com' }],
    ['ldap.entry.move', { dn: `ou=former,${USERS}`, under: `ou=deeper,ou=former,${USERS}` }],
    ['ldap.group.add-members', { dn: groupDn('finance'), members: [elsewhere] }],
    ['ldap.user.search', { below: GROUPS }],
    ['ldap.user.search', { below: 'dc=com' }],
  ])('%s %j is refused before anything is sent', async (operation, input) => {
    const world = await ldapWorld();
    expect(world.operation(operation).input.safeParse(input).success).toBe(false);
    expect(world.wire.calls).toEqual([]);
  });
});

describe('a secret', () => {
  const attributes = [
    'userPassword',
    'userpassword',
    'unicodePwd',
    'sambaNTPassword',
    'krbPrincipalKey',
    'pwdHistory',
    'authPassword',
    'userPKCS12',
    'ms-Mcs-AdmPwd',
    'userPassword;x',
  ];

  test.each(attributes)('%s is neither searched by, nor written, nor shown by a setting', async (attribute) => {
    const world = await ldapWorld();
    const inputs: readonly (readonly [string, JsonObject])[] = [
      ['ldap.user.search', { where: [{ attribute, is: 'starts', value: '{SSHA}' }] }],
      ['ldap.user.update', { dn: ada, set: [{ attribute, values: ['x'] }] }],
      ['ldap.entry.modify', { dn: ada, changes: [{ operation: 'replace', attribute, values: ['x'] }] }],
    ];
    for (const [operation, input] of inputs)
      expect(world.operation(operation).input.safeParse(input).success).toBe(false);
    const settings = { ...seedSettings('ldap://127.0.0.1:389'), attributes: [attribute] };
    expect(ldapSettings.safeParse(settings).success).toBe(false);
  });

  test('that a directory answers unasked is not handed on', async () => {
    const world = await ldapWorld();
    const secret = { attribute: 'userPassword', values: ['{SSHA}of-ada'] };
    world.wire.interfere(({ method }) =>
      method !== 'SEARCH'
        ? undefined
        : {
            when: 'rewrite',
            rewrite: (reply) => {
              const said = JSON.parse(reply.body);
              for (const entry of said.entries) entry.attributes.push(secret);
              return { ...reply, body: JSON.stringify(said) };
            },
          },
    );
    const result = await world.run({ operation: 'ldap.user.get', input: { dn: ada } });
    expect(result).toMatchObject({ status: 'succeeded', result: { dn: ada } });
    expect(JSON.stringify(result)).not.toContain('SSHA');
  });
});

describe.each(DIRECTORIES)('on $what', ({ simulate }) => {
  test.each(['*', 'a*', '*)(uid=*', 'ada)(|(uid=*', 'ada\\2a', 'ada\u0000', '(uid=ada)', 'x)(userPassword=*'])(
    'a value %j in a filter is a value',
    async (value) => {
      const world = await ldapWorld({ simulate });
      for (const is of ['equal', 'starts', 'contains'])
        expect(
          await world.run({ operation: 'ldap.user.search', input: { where: [{ attribute: 'uid', is, value }] } }),
        ).toMatchObject({
          status: 'succeeded',
          result: { entries: [], more: false },
        });
    },
  );

  test.each(['admins,ou=groups', 'a\\,ou=groups,dc=example,dc=com', 'a+cn=b', '#0406', 'x=y', '\\'])(
    'a new name %j stays the name of one entry, where it stood',
    async (name) => {
      const world = await ldapWorld({ simulate });
      const renamed = await world.run({ operation: 'ldap.user.rename', input: { dn: ada, name } });
      expect(renamed).toMatchObject({ status: 'succeeded' });
      const dn = renamed.status === 'succeeded' ? Reflect.get(Object(renamed.result), 'dn') : '';
      const found = await world.run({ operation: 'ldap.user.get', input: { dn } });
      expect(found).toMatchObject({ status: 'succeeded' });
      expect(JSON.stringify(found)).toContain(JSON.stringify({ attribute: 'uid', values: [name] }));
      expect(
        await world.run({
          operation: 'ldap.user.search',
          input: { where: [{ attribute: 'uid', is: 'equal', value: name }] },
        }),
      ).toMatchObject({
        result: { entries: [{}] },
      });
    },
  );

  test('an entry that has changed since it was read is not written over', async () => {
    const world = await ldapWorld({ simulate });
    const other = await ldapWorld({ simulate });
    expect(asked(other)).toEqual([]);
    const stale = JSON.stringify({ attribute: 'mail', values: ['ada@example.com'] });
    // What is read is not what is there: the same as a change between reading and writing.
    world.wire.interfere(({ method }) =>
      method !== 'SEARCH'
        ? undefined
        : {
            when: 'rewrite',
            rewrite: (reply) => ({ ...reply, body: reply.body.replace(stale, stale.replace('ada@', 'older@')) }),
          },
    );
    expect(
      await world.run({
        operation: 'ldap.user.update',
        input: { dn: ada, set: [{ attribute: 'mail', values: ['new@example.com'] }] },
      }),
    ).toMatchObject({
      status: 'failed',
      code: 'EXECUTION_FAILED',
      detail: expect.stringContaining('assertionFailed (122)'),
    });
    expect(world.effects()).toEqual([]);
  });

  test('what has entries below it is not deleted, nor moved as if it were one user', async () => {
    const world = await ldapWorld({ simulate });
    const former = `ou=former,${USERS}`;
    const inner = await world.run({ operation: 'ldap.user.move', input: { dn: ada, under: former } });
    expect(inner).toMatchObject({ status: 'succeeded' });
    expect(await world.run({ operation: 'ldap.entry.delete', input: { dn: former } })).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('notAllowedOnNonLeaf (66)'),
    });
    expect(await world.run({ operation: 'ldap.user.move', input: { dn: former, under: BASE } })).toMatchObject({
      status: 'failed',
    });
    expect(world.effects()).toEqual(['modrdn']);
  });

  test('all pages of a search are read, or none', async () => {
    const world = await ldapWorld({ simulate });
    const all = { operation: 'ldap.user.search', input: { limit: 500 } };
    const whole = await world.run(all);
    expect(whole).toMatchObject({ status: 'succeeded', result: { more: false, elsewhere: 0 } });
    expect(Reflect.get(Object(Reflect.get(whole, 'result')), 'entries')).toHaveLength(125);
    expect(asked(world).filter((call) => call !== 'SEARCH /')).toHaveLength(2);
    world.wire.interfere((_call, index) => (index === 1 ? { when: 'instead', answer: 'reset' } : undefined));
    expect(await world.run(all)).toMatchObject({ status: 'failed', code: 'SYSTEM_UNAVAILABLE' });
  });

  test('after a connection is gone the next call signs in again, before it asks', async () => {
    const world = await ldapWorld({ simulate });
    const get = { operation: 'ldap.user.get', input: { dn: ada } };
    world.wire.interfere(({ isSignIn, target }) =>
      !isSignIn && target !== '/' ? { when: 'after', answer: 'reset' } : undefined,
    );
    expect(await world.run(get)).toMatchObject({ status: 'failed', code: 'SYSTEM_UNAVAILABLE' });
    world.wire.interfere(undefined);
    const before = world.wire.calls.length;
    expect(await world.run(get)).toMatchObject({ status: 'succeeded' });
    expect(world.wire.calls[before]).toMatchObject({ method: 'BIND' });
  });

  test('a wrong password is the operator’s to know, and nothing is asked', async () => {
    const world = await ldapWorld({ simulate, settings: { password: 'another-password' } });
    expect(await world.run({ operation: 'ldap.user.delete', input: { dn: ada } })).toMatchObject({
      status: 'failed',
      code: 'CREDENTIAL_REFUSED',
    });
    expect(asked(world)).toEqual([]);
  });
});

test('an entry that the directory knows by another name is not touched', async () => {
  const world = await ldapWorld();
  world.wire.interfere(({ method }) =>
    method !== 'SEARCH'
      ? undefined
      : { when: 'rewrite', rewrite: (reply) => ({ ...reply, body: reply.body.replaceAll(ada, userDn('grace')) }) },
  );
  for (const operation of ['ldap.user.get', 'ldap.user.delete', 'ldap.user.disable', 'ldap.user.reset-password'])
    expect(await world.run({ operation, input: { dn: ada } })).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('another name'),
    });
  expect(world.effects()).toEqual([]);
});
