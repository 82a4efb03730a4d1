import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/runtime/config.ts';

const parse = (raw: unknown) => parseConfig(raw, { file: 'interlock.yaml', baseDirectory: '/somewhere' });

const DIGEST = `sha256:${'0'.repeat(64)}`;
const KEY = { id: 'ada', digest: DIGEST, tenant: 'acme', rights: ['open'] };
const JWT = { issuer: 'https://login.example', audience: 'interlock', jwksUrl: 'https://login.example/jwks' };

test('an empty configuration has every default', () => {
  expect(parse({})).toEqual({
    baseDirectory: '/somewhere',
    data: '.interlock',
    log: { synchronous: 'full' },
    worker: { port: 4001 },
    checkpoints: { everyMs: 1_000, everyEvents: 256 },
    listen: { host: '127.0.0.1', port: 4000, allowedHosts: [], allowedOrigins: [] },
    policies: [],
    judge: { share: 0.01 },
    enrich: { concurrency: 4, classify: false },
    keys: [],
    connectors: {},
    gateways: {},
    dev: { tenant: 'dev', groups: ['security', 'finance'], companions: [] },
  });
});

const ledgerIn = (checkpoints: unknown) => ({ ledger: { postgres: { url: 'env:LEDGER' }, checkpoints } });

/** Each field with a value that it takes and one that it does not, and the place that is named then. */
const FIELDS: readonly (readonly [place: string, good: object, bad: object])[] = [
  ['data', { data: 'elsewhere' }, { data: 7 }],
  ['log.synchronous', { log: { synchronous: 'off' } }, { log: { synchronous: 'maybe' } }],
  ['redis.url', { redis: { url: 'env:REDIS' } }, { redis: {} }],
  ['redis.prefix', { redis: { url: 'x', prefix: 'il2' } }, { redis: { url: 'x', prefix: '{il}' } }],
  ['redis.durability', { redis: { url: 'x', durability: 'relaxed' } }, { redis: { url: 'x', durability: 'most' } }],
  ['redis.dormantAfterMs', { redis: { url: 'x', dormantAfterMs: 1_000 } }, { redis: { url: 'x', dormantAfterMs: 1 } }],
  ['redis.seal', { redis: { url: 'x', seal: 'env:SEAL' } }, { redis: { url: 'x', seal: 7 } }],
  ['worker.port', { worker: { port: 0 } }, { worker: { port: 65_536 } }],
  ['worker.boardTenant', { worker: { boardTenant: 'ops' } }, { worker: { boardTenant: '' } }],
  ['ledger.postgres.url', { ledger: { postgres: { url: 'env:LEDGER' } } }, { ledger: { postgres: { url: '' } } }],
  ['ledger.postgres', { ledger: { postgres: { url: 'x' } } }, { ledger: {} }],
  ['ledger.checkpoints', ledgerIn('/mnt'), ledgerIn(7)],
  ['checkpoints.directory', { checkpoints: { directory: '/mnt' } }, { checkpoints: { directory: null } }],
  ['checkpoints.everyMs', { checkpoints: { everyMs: 10 } }, { checkpoints: { everyMs: 9 } }],
  ['checkpoints.everyEvents', { checkpoints: { everyEvents: 1 } }, { checkpoints: { everyEvents: 0 } }],
  ['listen.host', { listen: { host: '::1' } }, { listen: { host: 1 } }],
  ['listen.port', { listen: { port: 65_535 } }, { listen: { port: 65_536 } }],
  ['listen.port', { listen: { port: 0 } }, { listen: { port: '80' } }],
  ['listen.allowedHosts', { listen: { allowedHosts: ['a.example'] } }, { listen: { allowedHosts: 'a.example' } }],
  ['listen.allowedOrigins', { listen: { allowedOrigins: ['https://a.example'] } }, { listen: { allowedOrigins: {} } }],
  ['policies', { policies: ['policies'] }, { policies: 'policies' }],
  ['judge.share', { judge: { share: 0 } }, { judge: { share: 1.1 } }],
  ['keys[0].id', { keys: [KEY] }, { keys: [{ ...KEY, id: 'two words' }] }],
  ['keys[0].digest', { keys: [KEY] }, { keys: [{ ...KEY, digest: 'hunter2' }] }],
  ['keys[0].tenant', { keys: [KEY] }, { keys: [{ ...KEY, tenant: '~system' }] }],
  ['keys[0].rights[0]', { keys: [KEY] }, { keys: [{ ...KEY, rights: ['fly'] }] }],
  ['keys[0].groups[0]', { keys: [{ ...KEY, groups: ['g'] }] }, { keys: [{ ...KEY, groups: [''] }] }],
  ['jwt.issuer', { jwt: JWT }, { jwt: { ...JWT, issuer: '' } }],
  ['jwt.audience', { jwt: JWT }, { jwt: { ...JWT, audience: undefined } }],
  ['jwt.jwksUrl', { jwt: JWT }, { jwt: { ...JWT, jwksUrl: 'http://login.example/jwks' } }],
  ['jwt.tenantClaim', { jwt: { ...JWT, tenantClaim: 'org' } }, { jwt: { ...JWT, tenantClaim: 1 } }],
  ['connectors.files.use', { connectors: { files: { use: 'mcp' } } }, { connectors: { files: { use: '' } } }],
  [
    'connectors.files.settings',
    { connectors: { files: { use: 'mcp', settings: { a: [1] } } } },
    { connectors: { files: { use: 'mcp', settings: 'none' } } },
  ],
  [
    'connectors.files.simulate',
    { connectors: { files: { use: 'mcp', simulate: true } } },
    { connectors: { files: { use: 'mcp', simulate: 'yes' } } },
  ],
  ['connectors', { connectors: { 'my-files': { use: 'mcp' } } }, { connectors: { my_files: { use: 'mcp' } } }],
  ['dev.tenant', { dev: { tenant: 'acme' } }, { dev: { tenant: '' } }],
  ['dev.groups[0]', { dev: { groups: ['a'] } }, { dev: { groups: [' '] } }],
  ['dev.companions', { dev: { companions: ['a.mjs'] } }, { dev: { companions: 'a.mjs' } }],
];

describe('each field', () => {
  for (const [place, good, bad] of FIELDS) {
    test(`${place} takes ${JSON.stringify(good)}, and refuses ${JSON.stringify(bad)} naming its place`, () => {
      expect(parse(good)).toMatchObject(good);
      expect(() => parse(bad)).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(`→ at ${place}`) }),
      );
    });
  }
});

/** An object within the configuration, and the path to it. */
const STRICT: readonly (readonly [string, (extra: object) => object])[] = [
  ['', (extra) => extra],
  ['log', (extra) => ({ log: extra })],
  ['checkpoints', (extra) => ({ checkpoints: extra })],
  ['listen', (extra) => ({ listen: extra })],
  ['keys[0]', (extra) => ({ keys: [{ ...KEY, ...extra }] })],
  ['jwt', (extra) => ({ jwt: { ...JWT, ...extra } })],
  ['connectors.files', (extra) => ({ connectors: { files: { use: 'mcp', ...extra } } })],
  ['dev', (extra) => ({ dev: extra })],
];

describe('an unknown key', () => {
  for (const [place, within] of STRICT) {
    test(`is refused ${place === '' ? 'at the top' : `in ${place}`}, and not repeated as a value`, () => {
      expect(() => parse(within({ banana: 'hunter2' }))).toThrow(
        expect.objectContaining({
          code: 'CONFIG_INVALID',
          message: expect.stringMatching(/^interlock\.yaml:\n[\s\S]*"banana"(?![\s\S]*hunter2)/),
        }),
      );
    });
  }
});
