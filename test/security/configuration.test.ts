import { expect, test } from 'vitest';
import { z } from 'zod';
import { secretReference } from '../../src/connector/secret-reference.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { resolveSecrets } from '../../src/runtime/resolve-secrets.ts';
import { startGateway } from '../../src/runtime/start-gateway.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { NoteSystem, notesConnector } from '../support/notes-connector.ts';
import { OddSystem, oddConnector } from '../support/odd-connector.ts';
import { newDirectory } from '../support/test-gateway.ts';

const place = { file: 'interlock.yaml', baseDirectory: '/nowhere' };
const key = (id: string, digit: string) => ({
  id,
  digest: `sha256:${digit.repeat(64)}`,
  tenant: 'acme',
  rights: ['act'],
});

const INVALID: readonly (readonly [string, unknown])[] = [
  ['one key for two operators: nobody could say who used it', { keys: [key('a', '1'), key('b', '1')] }],
  ['a right that does not exist', { keys: [{ ...key('a', '1'), rights: ['everything'] }] }],
  ['a key in the clear', { keys: [{ ...key('a', '1'), key: 'ilk_secret' }] }],
  ['a digest that is none', { keys: [{ ...key('a', '1'), digest: 'ilk_secret' }] }],
  ['a tenant with the name of Interlock’s own', { keys: [{ ...key('a', '1'), tenant: '~system' }] }],
  [
    'a token issuer without an audience',
    { jwt: { issuer: 'https://id.example.com', jwksUrl: 'https://id.example.com/k' } },
  ],
  [
    'keys of a token issuer fetched in the clear',
    { jwt: { issuer: 'x', audience: 'y', jwksUrl: 'http://id.example.com/k' } },
  ],
  ['a setting that does not exist', { allowUnauthenticated: false }],
  ['a text for a number', { listen: { port: '4000' } }],
  ['nothing', 'x'],
];

test.each(INVALID)('a configuration with %s is refused', (_what, raw) => {
  expect(() => parseConfig(raw, place)).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});

const schema = z.strictObject({
  token: secretReference().optional(),
  nested: z.array(z.union([z.strictObject({ key: secretReference() }), z.string()])).optional(),
  byName: z.record(z.string(), secretReference()).optional(),
  plain: z.string().optional(),
});
const sources = { environment: { TOKEN: 's', EMPTY: '' }, baseDirectory: '/nowhere' };
const resolve = (settings: Parameters<typeof resolveSecrets>[0]) =>
  resolveSecrets(settings, { system: 'x', schema, sources });

test('a secret is named, never written down, wherever it stands', () => {
  expect(resolve({ token: 'env:TOKEN', plain: 'env:TOKEN' })).toEqual({ token: 's', plain: 's' });
  for (const inline of [{ token: 's' }, { nested: [{ key: 's' }] }, { byName: { a: 's' } }])
    expect(() => resolve(inline)).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});

test('a secret that is not there is missing, also where every object has something of its name', () => {
  for (const name of ['NOWHERE', 'EMPTY', '', 'constructor', 'toString', '__proto__'])
    expect(() => resolve({ token: `env:${name}` }), name).toThrowError(
      expect.objectContaining({ code: 'SECRET_MISSING' }),
    );
  expect(() => resolve({ token: 'file:nowhere' })).toThrowError(expect.objectContaining({ code: 'SECRET_MISSING' }));
});

test('two systems of one name are refused: labels and credentials of one would be those of the other', async () => {
  const config = parseConfig({}, { file: 'test', baseDirectory: newDirectory() });
  const connectors = [
    { system: 'same', connector: notesConnector(new NoteSystem()), settings: {} },
    { system: 'same', connector: oddConnector(new OddSystem()), settings: {} },
  ];
  await expect(
    startGateway({ config, connectors, log: createMemoryLog(), logger: createLogger('silent') }),
  ).rejects.toMatchObject({ code: 'CONNECTOR_INVALID' });
});
