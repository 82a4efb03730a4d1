import { connect, createServer } from 'node:net';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import ldap from '../../../connectors/ldap/index.ts';
import {
  BASE,
  BIND,
  GROUPS,
  groupDn,
  INITIAL_PASSWORD,
  seedSettings,
  USERS,
  userDn,
} from '../../../connectors/ldap/simulator/seed.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { hasSlapd, type SlapdServer } from '../../support/slapd-server.ts';
import { directoryTools } from './directory-tools.ts';
import { auditOf, CERTIFICATE, prepareDirectory } from './real-directory.ts';

const ada = userDn('ada');
const former = `ou=former,${USERS}`;
const template = hasSlapd ? prepareDirectory(CERTIFICATE) : undefined;
const plainTemplate = hasSlapd ? prepareDirectory() : undefined;
afterAll(() => {
  template?.remove();
  plainTemplate?.remove();
});

async function directory(from = template): Promise<SlapdServer> {
  if (from === undefined) throw new Error('there is no slapd');
  const server = await from.start();
  onTestFinished(() => server.stop());
  return server;
}

/** The connector on a server, with nothing between them. */
async function connected(settings: JsonObject) {
  const registry = await Registry.connect([{ system: 'ldap', connector: ldap, settings }], {
    clock: systemClock,
    baseDirectory: import.meta.dirname,
    log: () => undefined,
  });
  onTestFinished(() => registry.close());
  const called = (name: string, timeMs: number) => {
    const { definition, context } = registry.operation(`ldap.${name}`);
    return { definition, context: context('act_test', AbortSignal.timeout(timeMs)) };
  };
  return {
    run: async (name: string, input: JsonObject, timeMs = 20_000) => {
      const { definition, context } = called(name, timeMs);
      return definition.execute(definition.input.parse(input), context);
    },
    probe: async (name: string, input: JsonObject) => {
      const { definition, context } = called(name, 20_000);
      return definition.kind === 'write' ? definition.probe?.(definition.input.parse(input), context) : undefined;
    },
  };
}

/** A line to a server on which everything is heard; answers the port where it begins. */
async function tapped({
  port,
  host,
  heard = [],
}: {
  readonly port: number;
  readonly host: string;
  readonly heard?: Buffer[];
}) {
  const tap = createServer((client) => {
    const behind = connect(port, '127.0.0.1');
    client.on('data', (bytes: Buffer) => heard.push(bytes)).on('error', () => undefined);
    behind.on('error', () => undefined);
    client.pipe(behind).pipe(client);
    client.on('close', () => behind.destroy());
  });
  await new Promise<void>((resolve) => tap.listen(0, host, resolve));
  onTestFinished(() => new Promise<void>((resolve) => void tap.close(() => resolve())));
  const address = tap.address();
  return typeof address === 'object' ? address?.port : 0;
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

interface Written {
  readonly operation: string;
  readonly input: JsonObject;
  readonly effect: string;
  /** Lines that ldapsearch shows afterwards, by entry; null: there is no such entry. */
  readonly shows: Readonly<Record<string, readonly string[] | null>>;
  readonly hides?: Readonly<Record<string, readonly string[]>>;
}

const finance = groupDn('finance');
const WRITES: readonly Written[] = [
  {
    operation: 'user.create',
    input: {
      dn: userDn('mary'),
      set: [
        { attribute: 'cn', values: ['Mary Jackson'] },
        { attribute: 'sn', values: ['Jackson'] },
        { attribute: 'uidNumber', values: ['4711'] },
        { attribute: 'gidNumber', values: ['100'] },
        { attribute: 'homeDirectory', values: ['/home/mary'] },
      ],
    },
    effect: `add ${userDn('mary')}`,
    shows: {
      [userDn('mary')]: [
        'objectClass: inetOrgPerson',
        'objectClass: posixAccount',
        'uid: mary',
        'cn: Mary Jackson',
        'uidNumber: 4711',
        'structuralObjectClass: inetOrgPerson',
      ],
    },
    hides: { [userDn('mary')]: ['userPassword'] },
  },
  {
    operation: 'user.update',
    input: {
      dn: ada,
      set: [
        { attribute: 'title', values: ['Countess'] },
        { attribute: 'givenName', values: [] },
      ],
    },
    effect: `modify ${ada}`,
    shows: { [ada]: ['title: Countess', 'sn: Lovelace', `modifiersName: ${BIND.dn}`] },
    hides: { [ada]: ['givenName:'] },
  },
  {
    operation: 'user.rename',
    input: { dn: ada, name: 'augusta' },
    effect: `modrdn ${ada}`,
    shows: { [ada]: null, [userDn('augusta')]: ['uid: augusta'] },
    hides: { [userDn('augusta')]: ['uid: ada'] },
  },
  {
    operation: 'user.move',
    input: { dn: ada, under: former },
    effect: `modrdn ${ada}`,
    shows: { [ada]: null, [`uid=ada,${former}`]: ['uid: ada', 'mail: ada@example.com'] },
  },
  {
    operation: 'entry.move',
    input: { dn: former, under: BASE },
    effect: `modrdn ${former}`,
    shows: { [former]: null, [`ou=former,${BASE}`]: ['ou: former'] },
  },
  {
    operation: 'user.disable',
    input: { dn: ada },
    effect: `modify ${ada}`,
    shows: { [ada]: ['pwdAccountLockedTime: 000001010000Z'] },
  },
  {
    operation: 'user.enable',
    input: { dn: userDn('edsger') },
    effect: `modify ${userDn('edsger')}`,
    shows: { [userDn('edsger')]: ['uid: edsger'] },
    hides: { [userDn('edsger')]: ['pwdAccountLockedTime'] },
  },
  {
    operation: 'group.create',
    input: { dn: groupDn('auditors'), members: [ada], description: 'They look.' },
    effect: `add ${groupDn('auditors')}`,
    shows: {
      [groupDn('auditors')]: ['cn: auditors', `member: ${ada}`, 'description: They look.', 'objectClass: groupOfNames'],
    },
  },
  {
    operation: 'group.add-members',
    input: { dn: finance, members: [ada, userDn('barbara')] },
    effect: `modify ${finance}`,
    shows: { [finance]: [`member: ${ada}`, `member: ${userDn('barbara')}`] },
  },
  {
    operation: 'group.remove-members',
    input: { dn: groupDn('engineering'), members: [userDn('alan'), ada] },
    effect: `modify ${groupDn('engineering')}`,
    shows: { [groupDn('engineering')]: [`member: ${userDn('barbara')}`] },
    hides: { [groupDn('engineering')]: [`member: ${userDn('alan')}`] },
  },
  {
    operation: 'entry.modify',
    input: {
      dn: ada,
      changes: [
        { operation: 'add', attribute: 'roomNumber', values: ['42', '43'] },
        { operation: 'delete', attribute: 'roomNumber', values: ['42'] },
      ],
    },
    effect: `modify ${ada}`,
    shows: { [ada]: ['roomNumber: 43'] },
    hides: { [ada]: ['roomNumber: 42'] },
  },
  {
    operation: 'user.delete',
    input: { dn: ada },
    effect: `delete ${ada}`,
    shows: { [ada]: null, [userDn('alan')]: ['uid: alan'] },
  },
  { operation: 'group.delete', input: { dn: finance }, effect: `delete ${finance}`, shows: { [finance]: null } },
  { operation: 'entry.delete', input: { dn: former }, effect: `delete ${former}`, shows: { [former]: null } },
];

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

describe.skipIf(!hasSlapd)('on the way', () => {
  const own = { certificateAuthority: CERTIFICATE.file };

  test.each([
    ['LDAPS', ({ tlsPort }: SlapdServer) => ({ url: `ldaps://127.0.0.1:${tlsPort}`, ...own })],
    ['LDAPS by name', ({ tlsPort }: SlapdServer) => ({ url: `ldaps://localhost:${tlsPort}`, ...own })],
    ['StartTLS', ({ port }: SlapdServer) => ({ url: `ldap://localhost:${port}`, startTls: true, ...own })],
  ])('%s works with the authority that the settings name, and with no other', async (_what, settingsOf) => {
    const server = await directory();
    const settings = { ...seedSettings(''), ...settingsOf(server) };
    expect(await (await connected(settings)).run('user.get', { dn: ada })).toMatchObject({ status: 'succeeded' });
    const { certificateAuthority: _, ...strange } = settings;
    expect(await (await connected(strange)).run('user.delete', { dn: ada })).toMatchObject({
      status: 'failed',
      code: 'SYSTEM_UNAVAILABLE',
    });
    expect(auditOf(server)).toEqual([]);
  });

  test.each([
    { scheme: 'ldaps', startTls: false },
    { scheme: 'ldap', startTls: true },
  ])('$scheme is refused of a server whose certificate is for another address', async ({ scheme, startTls }) => {
    const server = await directory();
    // The certificate is one of localhost and 127.0.0.1.
    const port = await tapped({ port: startTls ? server.port : server.tlsPort, host: '127.0.0.2' });
    const settings = { ...seedSettings(`${scheme}://127.0.0.2:${port}`), startTls, ...own };
    expect(await (await connected(settings)).run('user.get', { dn: ada })).toMatchObject({
      status: 'failed',
      code: 'SYSTEM_UNAVAILABLE',
    });
  });

  test('with StartTLS nothing is said in plain text but that', async () => {
    const server = await directory();
    const heard: Buffer[] = [];
    const port = await tapped({ port: server.port, host: '127.0.0.1', heard });
    const { run } = await connected({ ...seedSettings(`ldap://localhost:${port}`), startTls: true, ...own });
    expect(await run('user.get', { dn: ada })).toMatchObject({ status: 'succeeded' });
    const said = Buffer.concat(heard).toString('latin1');
    expect(said).toContain('1.3.6.1.4.1.1466.20037');
    for (const secret of [BIND.password, BIND.dn, 'ou=people']) expect(said).not.toContain(secret);
  });

  test('a server that has no TLS is told nothing', async () => {
    const server = await directory(plainTemplate);
    const settings = { ...seedSettings(`ldap://localhost:${server.port}`), startTls: true, ...own };
    expect(await (await connected(settings)).run('user.delete', { dn: ada })).toMatchObject({ status: 'failed' });
    expect(auditOf(server)).toEqual([]);
  });

  test('a directory that stands still is given up in time; what it does later is found by reading back', async () => {
    const server = await directory();
    const { run, probe } = await connected(seedSettings(`ldap://127.0.0.1:${server.port}`));
    const dn = userDn('mary');
    const input = { dn, set: ['cn', 'sn'].map((attribute) => ({ attribute, values: ['Mary'] })) };
    expect(await run('user.get', { dn: ada })).toMatchObject({ status: 'succeeded' });
    await server.pause();
    expect(await run('user.get', { dn: ada }, 50)).toMatchObject({ status: 'failed', code: 'EXECUTION_TIMEOUT' });
    expect(await run('user.create', input, 50)).toMatchObject({ status: 'unknown', code: 'EXECUTION_TIMEOUT' });
    server.resume();
    await vi.waitFor(() => expect(auditOf(server)).toMatchObject([{ effect: 'add', target: dn }]), 10_000);
    expect(await probe('user.create', input)).toMatchObject({ status: 'applied', result: { dn } });
    expect(await probe('user.create', { ...input, set: [{ attribute: 'cn', values: ['Another'] }] })).toMatchObject({
      status: 'undetermined',
    });
  });
});
