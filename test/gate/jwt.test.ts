import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { jwtSettingsSchema, verifyJwts } from '../../src/gate/jwt.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';

const SETTINGS = jwtSettingsSchema.parse({
  issuer: 'https://login.example',
  audience: 'interlock',
  jwksUrl: 'https://login.example/keys',
});
const CLAIMS = {
  iss: SETTINGS.issuer,
  aud: SETTINGS.audience,
  sub: 'grace',
  tenant: 'acme',
  interlock_rights: ['open', 'approve'],
  groups: ['security'],
} as const;
const IN_AN_HOUR = 3_600;

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
let issuer: Keys;
let stranger: Keys;
let keySet: { keys: object[] };
beforeAll(async () => {
  issuer = await generateKeyPair('RS256', { extractable: true });
  stranger = await generateKeyPair('RS256', { extractable: true });
  keySet = { keys: [{ ...(await exportJWK(issuer.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] };
});

const seconds = (): number => Math.floor(Date.now() / 1_000);

interface Token {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Partial<JWTHeaderParameters>;
  readonly key?: Parameters<SignJWT['sign']>[0];
}

/** A good token unless something in it is changed; a claim that is undefined is left out. */
function token({ claims = {}, header = {}, key = issuer.privateKey }: Token = {}): Promise<string> {
  const payload = { exp: seconds() + IN_AN_HOUR, ...CLAIMS, ...claims };
  return new SignJWT(JSON.parse(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header })
    .sign(key);
}

/** A token that no library would make: any header and payload, and any bytes as its signature. */
function handmade(header: object, claims: object, signature = ''): string {
  const encoded = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return [...encoded, signature].join('.');
}

const verify = (bearer: string) => verifyJwts(SETTINGS, keySet as never)(bearer);

describe('a JWT', () => {
  test('of the issuer for us is an operator with the rights and groups that it names', async () => {
    expect(await verify(await token())).toEqual({
      kind: 'operator',
      id: 'grace',
      tenant: 'acme',
      rights: new Set(['open', 'approve']),
      groups: ['security'],
    });
  });

  const RIGHTS: readonly [title: string, claim: unknown, rights: readonly string[]][] = [
    ['words', 'open administer', ['open', 'administer']],
    ['a list', ['act'], ['act']],
    ['nothing', undefined, []],
    ['rights that do not exist', ['root', 'OPEN', 'open '], []],
    ['something else than words', { open: true }, []],
    ['a list of something else', [['open'], 1, null, 'act'], ['act']],
    ['the same right twice', 'open open', ['open']],
  ];
  test.each(RIGHTS)('whose rights are %s', async (_title, claim, rights) => {
    const operator = await verify(await token({ claims: { interlock_rights: claim } }));
    expect([...(operator?.rights ?? [])]).toEqual(rights);
  });

  test('keeps only groups that are ids', async () => {
    const operator = await verify(await token({ claims: { groups: ['security', 'a b', '', 7, 'finance'] } }));
    expect(operator?.groups).toEqual(['security', 'finance']);
  });

  const REFUSED: readonly [title: string, make: () => string | Promise<string>][] = [
    ['of another issuer', () => token({ claims: { iss: 'https://login.example.evil' } })],
    ['without an issuer', () => token({ claims: { iss: undefined } })],
    ['for another audience', () => token({ claims: { aud: 'payroll' } })],
    ['without an audience', () => token({ claims: { aud: undefined } })],
    ['that has expired', () => token({ claims: { exp: seconds() - 1 } })],
    ['that never expires', () => token({ claims: { exp: undefined } })],
    ['that is not valid yet', () => token({ claims: { nbf: seconds() + IN_AN_HOUR } })],
    ['without a subject', () => token({ claims: { sub: undefined } })],
    ['whose subject is no id', () => token({ claims: { sub: 'grace hopper' } })],
    ['without a tenant', () => token({ claims: { tenant: undefined } })],
    ['whose tenant is no id', () => token({ claims: { tenant: '~system' } })],
    ['whose tenant is a list', () => token({ claims: { tenant: ['acme', 'evil'] } })],
    ['of a key that the issuer does not have', () => token({ key: stranger.privateKey })],
    ['with an unknown key id', () => token({ header: { kid: 'k2' } })],
    [
      'that brings its own key',
      async () =>
        token({
          key: stranger.privateKey,
          header: { jwk: await exportJWK(stranger.publicKey), kid: undefined } as never,
        }),
    ],
    ['without a signature', async () => (await token()).replace(/[^.]*$/, '')],
    [
      'with another payload under its signature',
      async () => {
        const [header, , signature] = (await token()).split('.');
        const payload = Buffer.from(JSON.stringify({ ...CLAIMS, sub: 'root', exp: seconds() + IN_AN_HOUR }));
        return [header, payload.toString('base64url'), signature].join('.');
      },
    ],
    ...['none', 'None', 'NONE', ''].map((alg): [string, () => string] => [
      `with the algorithm ${JSON.stringify(alg)}`,
      () => handmade({ alg, kid: 'k1' }, { ...CLAIMS, exp: seconds() + IN_AN_HOUR }),
    ]),
    [
      'signed with the public key as a shared secret',
      async () => token({ key: Buffer.from(await exportSPKI(issuer.publicKey)), header: { alg: 'HS256' } }),
    ],
    [
      'that asks for an extension that nobody knows',
      () => handmade({ alg: 'RS256', kid: 'k1', crit: ['x'], x: 1 }, CLAIMS, 'x'),
    ],
    ['that is not JSON', () => 'eyJ.eyJ.x'],
  ];
  test.each(REFUSED)('%s is nobody’s', async (_title, make) => {
    await expect(verify(await make())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test.each(['ilk_abc', 'a.b', 'a.b.c.d', 'x.eyJ.y', ''])(
    'is not what %j looks like, which is left to others',
    async (bearer) => {
      expect(await verify(bearer)).toBeUndefined();
    },
  );

  test('is refused without a word of its content', async () => {
    const bearer = await token({ claims: { iss: 'https://canary.example' } });
    const refused = await verify(bearer).catch((thrown: unknown) => String(thrown));
    expect(refused).not.toMatch(/canary|eyJ/);
  });

  test('may name tenant, rights and groups in claims of other names', async () => {
    const settings = { ...SETTINGS, tenantClaim: 'org', rightsClaim: 'scope', groupsClaim: 'roles' };
    const bearer = await token({ claims: { org: 'globex', scope: 'act', roles: ['ops'] } });
    expect(await verifyJwts(settings, keySet as never)(bearer)).toMatchObject({
      tenant: 'globex',
      rights: new Set(['act']),
      groups: ['ops'],
    });
  });
});

describe('the settings', () => {
  const good = { issuer: 'i', audience: 'a', jwksUrl: 'https://login.example/keys' };
  test.each([
    ['https', good.jwksUrl],
    ['http from loopback', 'http://127.0.0.1:8080/keys'],
  ])('take keys by %s', (_title, jwksUrl) => {
    expect(jwtSettingsSchema.safeParse({ ...good, jwksUrl }).success).toBe(true);
  });

  test.each([
    ['keys by http from elsewhere', { ...good, jwksUrl: 'http://login.example/keys' }],
    ['keys by http from what only begins like loopback', { ...good, jwksUrl: 'http://127.0.0.1.evil.example/keys' }],
    ['keys from loopback as a user name', { ...good, jwksUrl: 'http://localhost:x@evil.example/keys' }],
    ['keys from a file', { ...good, jwksUrl: 'file:///keys' }],
    ['no issuer', { ...good, issuer: undefined }],
    ['no audience', { ...good, audience: '' }],
  ])('do not take %s', (_title, settings) => {
    expect(jwtSettingsSchema.safeParse(settings).success).toBe(false);
  });
});

describe('the keys of an issuer', () => {
  async function gatewayFor(jwksUrl: string) {
    const jwt = { issuer: SETTINGS.issuer, audience: SETTINGS.audience, jwksUrl };
    const config = parseConfig({ jwt }, { file: 'test', baseDirectory: '/' });
    const { interlock } = await startGateway({ config, log: createMemoryLog(), logger: createLogger('silent') });
    onTestFinished(() => interlock.close());
    return interlock;
  }

  async function serve(answer: () => string): Promise<string> {
    const server = createServer((_request, response) => response.end(answer()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  }

  test('are fetched, and its operators may do what their rights say', async () => {
    const interlock = await gatewayFor(await serve(() => JSON.stringify(keySet)));
    const caller = await interlock.authenticate(await token());
    const { id } = await interlock.open(caller, { onBehalfOf: { id: 'ada' } });
    expect(await interlock.workflows(caller)).toMatchObject([{ id, tenant: 'acme' }]);
    await expect(interlock.freeze(caller, id, true, 'test')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const foreign = await interlock.authenticate(await token({ claims: { tenant: 'evil' } }));
    await expect(interlock.workflow(foreign, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test.each([
    ['are not there', () => serve(() => 'not JSON')],
    ['cannot be reached', async () => 'http://127.0.0.1:9/keys'],
  ])('that %s let nobody in', async (_title, url) => {
    const interlock = await gatewayFor(await url());
    await expect(interlock.authenticate(await token())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
