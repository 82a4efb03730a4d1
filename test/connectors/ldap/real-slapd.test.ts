import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  BASE,
  GROUPS,
  groupDn,
  INITIAL_PASSWORD,
  seedSettings,
  userDn,
} from '../../../connectors/ldap/simulator/seed.ts';
import { hasSlapd } from '../../support/slapd-server.ts';
import { directoryTools } from './directory-tools.ts';
import { connected } from './ldap-world.ts';
import { auditOf, prepareDirectory } from './real-directory.ts';
import { WRITES } from './writes.ts';

const ada = userDn('ada');
const finance = groupDn('finance');
const template = hasSlapd ? prepareDirectory() : undefined;
afterAll(() => template?.remove());

async function directory() {
  if (template === undefined) throw new Error('there is no slapd');
  const server = await template.start();
  onTestFinished(() => server.stop());
  return server;
}

async function plain() {
  const server = await directory();
  const { run } = await connected(seedSettings(`ldap://127.0.0.1:${server.port}`));
  return {
    server,
    run,
    tools: directoryTools(server.port),
    effects: () => auditOf(server).map(({ effect, target }) => `${effect} ${target}`),
  };
}

describe.skipIf(!hasSlapd)('beside OpenLDAP’s own tools', () => {
  test.each(WRITES)(
    '$operation does what ldapsearch then shows, once, and nothing else',
    async ({ operation, input, effect, shows, hides = {} }) => {
      const { run, tools, effects } = await plain();
      expect(await run(operation, input)).toMatchObject({ status: 'succeeded' });
      for (const [dn, lines] of Object.entries(shows)) {
        if (lines === null) expect(tools.entry(dn)).toBeUndefined();
        else expect(tools.entry(dn)).toEqual(expect.arrayContaining([...lines]));
      }
      for (const [dn, starts] of Object.entries(hides))
        for (const start of starts) expect(tools.entry(dn)?.filter((line) => line.startsWith(start))).toEqual([]);
      expect(effects()).toEqual([effect]);
    },
  );

  test('a user is read as the tools read it, without its password', async () => {
    const { run, tools } = await plain();
    tools.modify(`dn: ${ada}\nchangetype: modify\nadd: userPassword\nuserPassword: of-ada-herself\n`);
    const read = await run('user.get', { dn: ada });
    const shown = (tools.entry(ada) ?? []).filter((line) => /^(?:uid|cn|sn|givenName|mail|objectClass): /.test(line));
    const attributes: readonly { readonly attribute: string; readonly values: readonly string[] }[] = Reflect.get(
      Object(Reflect.get(read, 'result')),
      'attributes',
    );
    const lines = attributes.flatMap(({ attribute, values }) => values.map((value) => `${attribute}: ${value}`));
    expect(lines.sort()).toEqual(shown.sort());
    expect(tools.entry(ada)?.some((line) => line.startsWith('userPassword::'))).toBe(true);
  });

  test('a reset sets the password that the settings keep, hashed; a disabled account cannot sign in, an enabled one can', async () => {
    const { run, tools, server } = await plain();
    expect(await run('user.reset-password', { dn: ada, password: 'initial' })).toMatchObject({
      status: 'succeeded',
      result: {},
    });
    expect(tools.canSignIn(ada, INITIAL_PASSWORD)).toBe(true);
    expect(server.auditLog()).not.toContain(INITIAL_PASSWORD);
    expect(server.auditLog()).not.toContain(Buffer.from(INITIAL_PASSWORD).toString('base64'));
    await run('user.disable', { dn: ada });
    expect(tools.canSignIn(ada, INITIAL_PASSWORD)).toBe(false);
    await run('user.enable', { dn: ada });
    expect(tools.canSignIn(ada, INITIAL_PASSWORD)).toBe(true);
    await run('user.reset-password', { dn: ada });
    expect(tools.canSignIn(ada, INITIAL_PASSWORD)).toBe(false);
  });

  test('what an administrator did between two calls is seen, and only what is missing is written', async () => {
    const { run, tools, effects } = await plain();
    tools.modify(`dn: ${finance}\nchangetype: modify\nadd: member\nmember: ${ada}\n`);
    const members = [ada, userDn('grace')];
    expect(await run('group.add-members', { dn: finance, members })).toMatchObject({
      result: { changed: [userDn('grace')] },
    });
    tools.modify(`dn: ${finance}\nchangetype: modify\nadd: member\nmember: ${userDn('alan')}\n`);
    expect(await run('group.add-members', { dn: finance, members: [userDn('alan')] })).toMatchObject({
      result: { changed: [] },
    });
    expect(effects()).toHaveLength(3);
  });

  test.each([
    [
      'a user who is there already',
      'user.create',
      {
        dn: ada,
        set: [
          { attribute: 'cn', values: ['A'] },
          { attribute: 'sn', values: ['B'] },
        ],
      },
      'entryAlreadyExists (68)',
    ],
    [
      'a person without a surname',
      'user.create',
      { dn: userDn('mary'), set: [{ attribute: 'cn', values: ['Mary'] }] },
      'objectClassViolation (65)',
    ],
    [
      'the last member of a group',
      'group.remove-members',
      { dn: groupDn('admins'), members: [userDn('grace')] },
      'objectClassViolation (65)',
    ],
    ['a place that is not there', 'user.move', { dn: ada, under: `ou=nowhere,${BASE}` }, '('],
    [
      'an attribute that nobody knows',
      'entry.modify',
      { dn: ada, changes: [{ operation: 'add', attribute: 'nobodyKnowsThis', values: ['x'] }] },
      'undefinedAttributeType (17)',
    ],
    ['a number that is none', 'user.update', { dn: ada, set: [{ attribute: 'uidNumber', values: ['many'] }] }, '('],
    ['a user who is not there', 'user.delete', { dn: userDn('nobody') }, 'no such entry'],
  ])('%s is refused cleanly', async (_what, operation, input, detail) => {
    const { run, effects } = await plain();
    expect(await run(operation, input)).toMatchObject({
      status: 'failed',
      code: 'EXECUTION_FAILED',
      detail: expect.stringContaining(detail),
    });
    expect(effects()).toEqual([]);
  });

  test('a group whose members are names of accounts is kept as RFC 2307 says', async () => {
    const server = await directory();
    const { run } = await connected({ ...seedSettings(`ldap://127.0.0.1:${server.port}`), groupClass: 'posixGroup' });
    const dn = `cn=wheel,${GROUPS}`;
    expect(await run('group.create', { dn, members: [ada], gidNumber: 10 })).toMatchObject({ status: 'succeeded' });
    expect(await run('group.add-members', { dn, members: [ada, userDn('grace')] })).toMatchObject({
      result: { changed: [userDn('grace')] },
    });
    expect(await run('user.list-groups', { dn: userDn('grace') })).toMatchObject({ result: { entries: [{ dn }] } });
    expect(directoryTools(server.port).entry(dn)).toEqual(
      expect.arrayContaining(['memberUid: ada', 'memberUid: grace', 'gidNumber: 10']),
    );
  });
});
