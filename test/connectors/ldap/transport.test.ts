import { connect } from 'node:net';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Connection } from '../../../connectors/ldap/connection.ts';
import { failureOfCode } from '../../../connectors/ldap/failure-of.ts';
import { ldapSettings } from '../../../connectors/ldap/settings.ts';
import { BIND, seedSettings, userDn } from '../../../connectors/ldap/simulator/seed.ts';
import { hasSlapd, type SlapdServer } from '../../support/slapd-server.ts';
import { connected, ldapWorld, listening } from './ldap-world.ts';
import { auditOf, CERTIFICATE, prepareDirectory } from './real-directory.ts';

const ada = userDn('ada');
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

/** A line to a server on which everything is heard; answers the port where it begins. */
const tapped = (port: number, { host, heard = [] }: { readonly host: string; readonly heard?: Buffer[] }) =>
  listening((client) => {
    const behind = connect(port, '127.0.0.1');
    client.on('data', (bytes: Buffer) => heard.push(bytes)).on('close', () => behind.destroy());
    behind.on('error', () => undefined);
    client.pipe(behind).pipe(client);
  }, host);

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
    const port = await tapped(startTls ? server.port : server.tlsPort, { host: '127.0.0.2' });
    const settings = { ...seedSettings(`${scheme}://127.0.0.2:${port}`), startTls, ...own };
    expect(await (await connected(settings)).run('user.get', { dn: ada })).toMatchObject({
      status: 'failed',
      code: 'SYSTEM_UNAVAILABLE',
    });
  });

  test('with StartTLS nothing is said in plain text but that', async () => {
    const server = await directory();
    const heard: Buffer[] = [];
    const port = await tapped(server.port, { host: '127.0.0.1', heard });
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

test('a referral leads nobody anywhere: this server has done nothing (RFC 4511 §4.1.10)', async () => {
  const visits: string[] = [];
  const port = await listening((socket) => {
    visits.push('somebody came');
    socket.destroy();
  });
  const world = await ldapWorld();
  const headers = { location: `http://127.0.0.1:${port}/dc=example,dc=com` };
  world.wire.interfere(({ isSignIn }) =>
    isSignIn ? undefined : { when: 'instead', answer: { status: 301, headers, body: '' } },
  );
  expect(await world.run({ operation: 'ldap.user.get', input: { dn: ada } })).toMatchObject({
    status: 'failed',
    code: 'ORIGIN_LOCKED',
  });
  world.wire.interfere(({ method }) =>
    method === 'DELETE' ? { when: 'instead', answer: { status: 301, headers, body: '' } } : undefined,
  );
  expect(await world.run({ operation: 'ldap.user.delete', input: { dn: ada } })).toMatchObject({
    status: 'failed',
    code: 'ORIGIN_LOCKED',
  });
  expect(visits).toEqual([]);
  expect(world.effects()).toEqual([]);
});

test.each([
  [
    'a message that never ends',
    Buffer.concat([Buffer.from([0x30, 0x84, 0x7f, 0xff, 0xff, 0xff]), Buffer.alloc(9_000_000)]),
  ],
  ['no message', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['a sequence of nothing', Buffer.from([0x30, 0x00])],
])('a server that sends %s is given up, and nothing was asked of it', async (_what, bytes) => {
  const port = await listening((socket) => void socket.on('data', () => socket.write(bytes)));
  const url = `ldap://127.0.0.1:${port}`;
  const world = await ldapWorld({ settings: { url } });
  expect(await world.run({ operation: 'ldap.user.delete', input: { dn: ada } })).toMatchObject({
    status: 'failed',
    code: 'SYSTEM_UNAVAILABLE',
  });
});

test('a connection that nobody uses is closed; one that waits for an answer is not', async () => {
  const codec = await import('ldapts');
  const port = await listening((socket) => void socket.resume());
  const opened = () => new Connection(codec, connect(port, '127.0.0.1'), 1);
  const [unused, waiting] = [opened(), opened()];
  const ending = new AbortController();
  const answer = waiting.send({ kind: 'start-tls' }, ending.signal);
  await vi.waitFor(() => expect(unused.isOpen).toBe(false));
  expect(waiting.isOpen).toBe(true);
  ending.abort();
  expect(await answer).toEqual({ kind: 'broken' });
  expect(await unused.send({ kind: 'start-tls' }, new AbortController().signal)).toEqual({ kind: 'unsent' });
  waiting.close();
});

test('every result code means something, and only success is one', () => {
  const classes = ['refused', 'credential', 'rate-limited', 'unavailable', 'ambiguous', 'origin'];
  for (let code = 1; code <= 4_200; code++) {
    const failure = failureOfCode(code, '');
    expect(classes).toContain(failure?.class);
    expect(failure?.detail).toContain(`(${code})`);
  }
  expect(failureOfCode(0, 'fine')).toBeUndefined();
});

test.each([1, 3, 71, 80, 81, 113, 4_096, 2_147_483_647])(
  'after the result code %i nobody knows whether it was done',
  (code) => {
    expect(failureOfCode(code, '')?.class).toBe('ambiguous');
  },
);

describe('an address', () => {
  test.each([
    [{ url: 'ldaps://ldap.example.com' }, true],
    [{ url: 'ldap://ldap.example.com', startTls: true }, true],
    [{ url: 'ldap://127.0.0.1:389' }, true],
    [{ url: 'ldap://[::1]:389' }, true],
    [{ url: 'ldap://ldap.example.com' }, false],
    [{ url: 'ldap://127.0.0.1.example.com' }, false],
    [{ url: 'ldaps://ldap.example.com', startTls: true }, false],
    [{ url: 'ldaps://user:password@ldap.example.com' }, false],
    [{ url: 'ldaps://ldap.example.com/dc=example?sub' }, false],
    [{ url: 'http://127.0.0.1' }, false],
    [{ url: 'ldapi:///run/slapd' }, false],
    [{ url: 'ldaps://ldap.example.com', userBase: 'ou=people,dc=other,dc=com' }, false],
    [{ url: 'ldaps://ldap.example.com', base: 'commonName=x' }, false],
  ])('%j is valid: %s', (settings, expected) => {
    expect(ldapSettings.safeParse({ ...seedSettings(''), ...settings }).success).toBe(expected);
  });
});
