import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { secretReference } from '../../src/connector/secret-reference.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { resolveSecrets } from '../../src/runtime/resolve-secrets.ts';
import { folderOf } from '../surface/cli/folder.ts';

const schema = z.strictObject({
  origin: z.string().optional(),
  token: secretReference().optional(),
  nested: z.strictObject({ secret: secretReference() }).optional(),
  list: z.array(z.strictObject({ secret: secretReference() })).optional(),
  named: z.record(z.string(), secretReference()).optional(),
  either: z.union([z.strictObject({ secret: secretReference() }), z.strictObject({ plain: z.string() })]).optional(),
});

function resolved(settings: JsonObject): JsonObject {
  const { cwd, remove } = folderOf({ 'token.txt': 'from a file\n', 'deep/token.txt': 'deeper' });
  try {
    const sources = { environment: { TOKEN: 'from a variable', EMPTY: '' }, baseDirectory: cwd };
    return resolveSecrets(settings, { system: 'sys', schema, sources });
  } finally {
    remove();
  }
}

const RESOLVED: readonly (readonly [JsonObject, JsonObject])[] = [
  [{}, {}],
  [{ token: 'env:TOKEN' }, { token: 'from a variable' }],
  [{ token: 'file:token.txt' }, { token: 'from a file' }],
  [{ token: 'file:deep/token.txt' }, { token: 'deeper' }],
  [{ nested: { secret: 'env:TOKEN' } }, { nested: { secret: 'from a variable' } }],
  [{ list: [{ secret: 'env:TOKEN' }] }, { list: [{ secret: 'from a variable' }] }],
  [{ named: { A: 'env:TOKEN' } }, { named: { A: 'from a variable' } }],
  [{ either: { plain: 'open' } }, { either: { plain: 'open' } }],
  [{ origin: 'https://a.example' }, { origin: 'https://a.example' }],
];

for (const [settings, expected] of RESOLVED) {
  test(`${JSON.stringify(settings)} becomes ${JSON.stringify(expected)}`, () => {
    expect(resolved(settings)).toEqual(expected);
  });
}

describe('a secret that stands in the file itself is refused, and not repeated', () => {
  const INLINE: readonly (readonly [string, JsonObject])[] = [
    ['sys.token', { token: 'hunter2' }],
    ['sys.token', { token: 'ENV:TOKEN' }],
    ['sys.nested.secret', { nested: { secret: 'hunter2' } }],
    ['sys.list', { list: [{ secret: 'hunter2' }] }],
    ['sys.named.A', { named: { A: 'hunter2' } }],
    ['sys.either.secret', { either: { secret: 'hunter2' } }],
  ];
  for (const [place, settings] of INLINE) {
    test(`at ${place}: ${JSON.stringify(settings)}`, () => {
      expect(() => resolved(settings)).toThrow(
        expect.objectContaining({
          code: 'CONFIG_INVALID',
          message: expect.stringMatching(new RegExp(`^${place}.* is a secret: write env:NAME or file:path`)),
        }),
      );
      expect(() => resolved(settings)).not.toThrow(/hunter2/);
    });
  }
});

describe('a reference that leads nowhere is SECRET_MISSING with its name', () => {
  for (const reference of ['env:NOWHERE', 'env:EMPTY', 'env:', 'file:nowhere.txt', 'file:', 'file:deep']) {
    test(reference, () => {
      expect(() => resolved({ token: reference })).toThrow(
        expect.objectContaining({ code: 'SECRET_MISSING', message: expect.stringContaining(`sys: ${reference} `) }),
      );
    });
  }
});
