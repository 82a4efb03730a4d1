import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  acceptDefinition,
  pinOf,
  proposeManifest,
  readToolManifest,
  type ToolDefinition,
} from '../../../connectors/mcp/index.ts';
import { toolDefinition } from '../../../connectors/mcp/tool-definition.ts';
import { argumentValues } from '../../../src/connector/intake/argument-values.ts';
import { conditionOf } from '../../../src/connector/intake/condition.ts';
import { inputSchemaOf } from '../../../src/connector/intake/input-schema.ts';
import { normalisePath, pathGlob } from '../../../src/connector/intake/path-glob.ts';
import { plainText } from '../../../src/connector/intake/plain-text.ts';
import { sha256 } from '../../../src/lib/digest.ts';
import { scratch } from './governed-mcp.ts';

const SEND: ToolDefinition = {
  name: 'send_mail',
  description: 'Sends it.\u202E\u200B',
  inputSchema: { type: 'object', properties: { to: { type: 'string' } } },
  annotations: { readOnlyHint: true },
};

describe('paths', () => {
  const CASES = [
    ['a/../confidential/x', 'confidential/x'],
    ['./a//b/.', 'a/b'],
    ['../../a', '../../a'],
    ['/../a', '/a'],
    ['a\\..\\b', 'b'],
    ['/', '/'],
    ['e\u0301', '\u00e9'],
  ] as const;
  for (const [path, normal] of CASES) {
    test(`${JSON.stringify(path)} is ${JSON.stringify(normal)}`, () => expect(normalisePath(path)).toBe(normal));
  }

  const GLOBS = [
    { glob: '**/confidential/**', path: '/a/confidential/b/c', matches: true },
    { glob: '**/confidential/**', path: 'confidential', matches: true },
    { glob: '**/confidential/**', path: '/.hidden/confidential/.x', matches: true },
    { glob: '**/confidential/**', path: '/a/Confidential/b', matches: true },
    { glob: '**/confidential/**', path: '/a/confidentially/b', matches: false },
    { glob: '/tmp/*.txt', path: '/tmp/a.txt', matches: true },
    { glob: '/tmp/*.txt', path: '/tmp/a/b.txt', matches: false },
    { glob: '/tmp/*.txt', path: '/tmp/axtxt', matches: false },
    { glob: 'a?c', path: 'abc', matches: true },
    { glob: 'a?c', path: 'a/c', matches: false },
    { glob: '[a]+(b)', path: '[a]+(b)', matches: true },
  ];
  for (const { glob, path, matches } of GLOBS) {
    test(`${glob} ${matches ? 'matches' : 'does not match'} ${path}`, () =>
      expect(pathGlob(glob, { anyCase: true })(path)).toBe(matches));
  }

  test('a relative path is tried from every root, also one that only looks absolute', () => {
    const isSecret = conditionOf({ argument: 'path', matches: '/data/confidential/**' }, ['/data/confidential'], 'any');
    for (const path of ['plan', './plan', 'c:/../plan', '~/../plan', '/data/x/../confidential/plan'])
      expect(isSecret({ path })).toBe(true);
    for (const path of ['/data/plan', '../plan', '../../confidential/plan']) expect(isSecret({ path })).toBe(false);
  });

  test('a case holds only when every value and every place of it does', () => {
    const isScratch = conditionOf({ argument: 'paths[*]', matches: '/tmp/**' }, ['/tmp', '/data'], 'all');
    expect(isScratch({ paths: ['/tmp/a', '/tmp/b/../c'] })).toBe(true);
    for (const paths of [[], ['/tmp/a', '/data/b'], ['a'], ['/TMP/a'], ['/tmp/a', 7], ['/tmp/../data/a']])
      expect(isScratch({ paths })).toBe(false);
  });

  test('no detour hides the folder that a path leads into', () => {
    const isConfidential = pathGlob('**/confidential/**', { anyCase: true });
    const detour = fc.constantFrom('', './', '/', 'x/../', './/', 'a/b/../../');
    const path = fc.array(detour, { maxLength: 4 }).map((detours) => `${detours.join('')}confidential/plan`);
    fc.assert(fc.property(path, (spelled) => isConfidential(normalisePath(spelled))));
  });
});

describe('arguments', () => {
  const INPUT = { a: 1, o: { d: true }, list: [{ n: 'x' }, { n: 'y' }, 3], paths: [['p', 'q'], ['r']] };
  const CASES = [
    ['a', [1]],
    ['o.d', [true]],
    ['list[*].n', ['x', 'y']],
    ['paths[*][*]', ['p', 'q', 'r']],
    ['a.b', []],
    ['toString', []],
    ['constructor.name', []],
    ['o[*]', []],
  ] as const;
  for (const [path, values] of CASES)
    test(`${path} leads to ${JSON.stringify(values)}`, () => expect(argumentValues(INPUT, path)).toEqual(values));
});

describe('input schemas', () => {
  test('objects are strict at every depth unless they say what else they hold', () => {
    const schema = inputSchemaOf({
      type: 'object',
      properties: {
        inner: { type: 'object', properties: { a: { type: 'string' } } },
        free: { type: 'object', additionalProperties: { type: 'number' } },
      },
      additionalProperties: true,
    });
    expect(schema.safeParse({ inner: { a: 'x' }, free: { anything: 1 } }).success).toBe(true);
    expect(schema.safeParse({ inner: { a: 'x', b: 1 } }).success).toBe(false);
    expect(schema.safeParse({ free: { anything: 'x' } }).success).toBe(false);
    expect(schema.safeParse({ more: 1 }).success).toBe(false);
  });

  test('a pattern of the server never runs here', () => {
    const schema = inputSchemaOf({ type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } });
    expect(schema.safeParse({ a: `${'a'.repeat(60)}!` }).success).toBe(true);
  });

  test('nothing hides in the words of a schema, and its names collide with nothing', () => {
    const named = {
      type: 'object',
      $id: 'same',
      'x-mcp-header': 'X',
      properties: { a: { type: 'string', $id: 'same', description: 'a\u202Eb' } },
    };
    const text = JSON.stringify([inputSchemaOf(named), inputSchemaOf(named)].map((schema) => z.toJSONSchema(schema)));
    expect(text).toContain('"description":"ab"');
    expect(text).not.toContain('same');
    expect(text).not.toContain('x-mcp-header');
  });

  const UNSUPPORTED = {
    'a reference to the network': { type: 'object', properties: { a: { $ref: 'http://169.254.169.254/x' } } },
    'a reference to a file': { type: 'object', properties: { a: { $ref: 'file:///etc/passwd' } } },
    'a negation': { type: 'object', properties: { a: { not: { type: 'string' } } } },
    'several objects in one': { type: 'object', allOf: [{ properties: { a: { type: 'string' } } }] },
  };
  for (const [what, schema] of Object.entries(UNSUPPORTED)) {
    test(`${what} is refused`, () =>
      expect(() => inputSchemaOf(schema)).toThrow(expect.objectContaining({ code: 'RESPONSE_UNEXPECTED' })));
  }

  test('a schema without end, too large or with keys of its own meaning is refused', () => {
    const deep = Array.from({ length: 10_000 }).reduce<object>((inner) => ({ properties: { a: inner } }), {});
    const inputs = [
      deep,
      { properties: { a: { description: 'x'.repeat(100_000) } } },
      JSON.parse('{"properties":{"__proto__":{}}}'),
    ];
    for (const inputSchema of inputs) {
      expect(() => toolDefinition({ name: 'x', inputSchema: { type: 'object', ...inputSchema } })).toThrow(
        expect.objectContaining({ name: 'InterlockError' }),
      );
    }
  });
});

describe('pins', () => {
  test('a pin is the SHA-256 of the canonical form, whatever the order of keys', () => {
    expect(pinOf({ name: 'a', inputSchema: { type: 'object' } })).toBe(
      sha256('{"inputSchema":{"type":"object"},"name":"a"}'),
    );
    expect(pinOf({ inputSchema: { b: 1, a: 2 }, name: 'a' })).toBe(pinOf({ name: 'a', inputSchema: { a: 2, b: 1 } }));
  });

  test('what hides in a description is not shown', () => {
    expect(plainText('a\u202Eb\u200Bc\u{E0041}d\ne')).toBe('abcd e');
    expect(plainText('x'.repeat(5_000)).length).toBeLessThan(2_010);
  });
});

describe('a manifest file', () => {
  function written(text: string, name = 'manifest.yaml'): string {
    const file = join(scratch(), name);
    writeFileSync(file, text);
    return file;
  }

  test('a proposal leaves every tool unclassified and does not believe the server', async () => {
    const text = proposeManifest([SEND, { name: 'get_note', inputSchema: { type: 'object' } }]);
    const manifest = await readToolManifest(written(text));
    expect(Object.values(manifest.tools).map(({ effect }) => effect)).toEqual([undefined, undefined]);
    const { tools } = parse(text);
    expect(tools.send_mail).toMatchObject({
      pin: pinOf(SEND),
      proposal: { kind: 'communicate', reversible: 'no', external: true },
    });
    expect(tools.send_mail.reason).toContain('claims readOnlyHint: true');
    expect(tools.send_mail.reason).toContain('hidden characters');
    expect(tools.get_note.reason).not.toContain('hidden characters');
    expect(tools.get_note.proposal.kind).toBe('read');
  });

  test('accepting writes the pin and leaves the rest of the file alone', async () => {
    const before = '# ours\ntools:\n  # dangerous\n  send_mail:\n    effect: { kind: communicate } # reviewed by Ada\n';
    const file = written(before);
    expect(await acceptDefinition(file, SEND)).toEqual({ before: undefined, pin: pinOf(SEND) });
    expect(readFileSync(file, 'utf8')).toBe(`${before}    pin: ${pinOf(SEND)}\n`);
    expect(await acceptDefinition(file, { ...SEND, description: 'other' })).toMatchObject({ before: pinOf(SEND) });
  });

  test('a JSON manifest stays JSON', async () => {
    const file = written('{ "tools": { "send_mail": { "effect": { "kind": "communicate" } } } }', 'manifest.json');
    await acceptDefinition(file, SEND);
    expect(JSON.parse(readFileSync(file, 'utf8')).tools.send_mail.pin).toBe(pinOf(SEND));
  });

  test('a tool without an effect cannot be accepted', async () => {
    await expect(acceptDefinition(written('tools: { send_mail: {} }'), SEND)).rejects.toMatchObject({
      code: 'OPERATION_UNCLASSIFIED',
    });
    await expect(acceptDefinition(written('tools: {}'), SEND)).rejects.toMatchObject({
      code: 'OPERATION_UNCLASSIFIED',
    });
  });

  const INVALID = {
    'an unknown field': 'tools: { a: { efect: { kind: read } } }',
    'a tool twice': 'tools:\n  a: {}\n  a: {}\n',
    'an effect that names an undo it has not': 'tools: { a: { effect: { kind: delete, reversible: operation } } }',
    'a read that is counted': "tools: { a: { effect: { kind: read, count: 'paths[*]' } } }",
    'an unknown kind': 'tools: { a: { effect: { kind: destroy } } }',
    'a label that is none': 'tools: { a: { labels: [Not A Label] } }',
    'a pin that is none': 'tools: { a: { pin: sha256:abc } }',
    'an operation with a system of its own': 'tools: { a: { operation: other.file.read } }',
    'a resource that is no entity type': 'tools: { a: { resource: { type: file } } }',
    'nothing at all': '',
  };
  for (const [what, text] of Object.entries(INVALID)) {
    test(`${what} does not load`, async () => {
      await expect(readToolManifest(written(text))).rejects.toMatchObject({ code: 'CONNECTOR_INVALID' });
    });
  }
});
