import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import openapi from '../../../connectors/openapi/index.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/lib/json.ts';
import { generateSchema } from '../../../src/policy/generate-schema.ts';
import { newDirectory } from '../../support/test-gateway.ts';
import { describing, governedApi, proposalOf, startApi } from './described-api.ts';

async function proposed(content: unknown): Promise<Readonly<Record<string, JsonObject>>> {
  const file = join(newDirectory(), 'api.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return proposalOf(file);
}

const BODY = (schema: Json, type = 'application/json') => ({
  requestBody: { content: { [type]: { schema } } },
  responses: {},
});
const posting = (schema: Json, components?: JsonObject) => describing('/a', { post: BODY(schema) }, components);
const nested = (levels: number): JsonObject =>
  levels === 0 ? { type: 'string' } : { type: 'array', items: nested(levels - 1) };

describe('an operation that cannot be carried is refused, with the reason', () => {
  const CASES: readonly (readonly [string, JsonObject, RegExp])[] = [
    ['a reference to another file', posting({ $ref: 'other.yaml#/x' }), /never fetched/],
    ['a reference to an address', posting({ $ref: 'http://169.254.169.254/latest' }), /never fetched/],
    ['a reference to nowhere', posting({ $ref: '#/components/schemas/None' }), /does not have/],
    ['a reference into a prototype', posting({ $ref: '#/constructor/prototype' }), /does not have/],
    [
      'a reference to itself alone',
      describing(
        '/a',
        { post: { requestBody: { $ref: '#/components/requestBodies/B' }, responses: {} } },
        { requestBodies: { B: { $ref: '#/components/requestBodies/B' } } },
      ),
      /circle/,
    ],
    ['schemas nested too deeply', posting(nested(30)), /too deep/],
    [
      'a schema that contains all of itself',
      posting({ $ref: '#/components/schemas/A' }, { schemas: { A: { allOf: [{ $ref: '#/components/schemas/A' }] } } }),
      /too deep|circle/,
    ],
    ['a definition without end', posting({ type: 'string', description: 'x'.repeat(300_000) }), /too large/],
    ['not', posting({ not: { type: 'string' } }), /keyword not/],
    ['fields by pattern', posting({ type: 'object', patternProperties: { '^(a+)+$': {} } }), /patternProperties/],
    ['a type of its own', posting({ type: 'file' }), /type "file"/],
    [
      'a field with a meaning of its own',
      posting(JSON.parse('{"type":"object","properties":{"__proto__":{}}}')),
      /__proto__/,
    ],
    [
      'two meanings of one field',
      posting({ allOf: [{ properties: { a: { type: 'string' } } }, { properties: { a: { type: 'integer' } } }] }),
      /two meanings/,
    ],
    ['a body in parts', describing('/a', { post: BODY({}, 'multipart/form-data') }), /multipart/],
    [
      'a required parameter that is an object',
      describing('/a', {
        get: { parameters: [{ name: 'f', in: 'query', required: true, schema: { type: 'object' } }], responses: {} },
      }),
      /query parameter "f"/,
    ],
    [
      'a required cookie',
      describing('/a', {
        get: { parameters: [{ name: 'c', in: 'cookie', required: true, schema: { type: 'string' } }], responses: {} },
      }),
      /cookie parameter "c"/,
    ],
    [
      'a required parameter that makes another request of it',
      describing('/a', {
        get: {
          parameters: [{ name: '_method', in: 'query', required: true, schema: { type: 'string' } }],
          responses: {},
        },
      }),
      /query parameter "_method"/,
    ],
    ['a path without its parameter', describing('/a/{id}', { get: { responses: {} } }), /different variables/],
    ['a path with a query', describing('/a?b=1', { get: { responses: {} } }), /plain segments/],
    ['a path with a dot segment', describing('/a/../b', { get: { responses: {} } }), /plain segments/],
    ['a path that is another host', describing('//evil.example/a', { get: { responses: {} } }), /plain segments/],
  ];
  test.each(CASES)('%s', async (_what, description, why) => {
    const [entry] = Object.values(await proposed(description));
    expect(entry).toMatchObject({ reason: expect.stringMatching(why) });
    expect(entry).not.toHaveProperty('pin');
    const { refusalOf, registry } = await governedApi({ description });
    const [operation] = [...registry.all()];
    expect(refusalOf(operation?.name ?? '')).toMatchObject({ code: 'OPERATION_UNCLASSIFIED' });
  });

  test.each([
    ['no JSON and no YAML', '{"openapi": '],
    ['another version', { openapi: '2.5.0', paths: {} }],
    ['no paths', { openapi: '3.0.0' }],
    ['a list', []],
    [
      'aliases that multiply',
      `openapi: 3.0.0\npaths: {}\na: &a [x, x]\n${[...'bcdefghij'].map((name, at) => `${name}: &${name} [${`*${'abcdefghij'[at]}, `.repeat(9)}]`).join('\n')}`,
    ],
    ['brackets without end', '['.repeat(100_000)],
  ])('%s is no description', async (_what, content) => {
    await expect(proposed(content)).rejects.toMatchObject({ code: 'CONNECTOR_INVALID' });
  });

  test('no reference and no server of a description is ever called', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
    });
    const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const description = { ...posting({ $ref: `${elsewhere}/schema.json` }), servers: [{ url: elsewhere }] };
    const { url, received } = await startApi();
    const open = describing('/b', { get: { responses: {} } });
    const api = await governedApi({ description: { ...open, servers: description.servers }, url });
    const [operation] = [...api.registry.all()];
    expect(await api.run(operation?.name ?? '', {})).toMatchObject({ status: 'succeeded' });
    await proposed(description);
    expect([asked.length, received.length]).toEqual([0, 1]);
  });
});

describe('schemas', () => {
  const CASES: readonly (readonly [string, Json, readonly Json[], readonly Json[]])[] = [
    ['nullable', { type: 'string', nullable: true }, ['x', null], [1]],
    ['a list of types', { type: ['string', 'null'] }, ['x', null], [1]],
    ['exclusive bounds of 3.0', { type: 'integer', minimum: 1, exclusiveMinimum: true }, [2], [1, 1.5]],
    ['exclusive bounds of 3.1', { type: 'number', exclusiveMaximum: 5 }, [4.9], [5]],
    ['enum', { type: 'string', enum: ['a', 'b'] }, ['a'], ['c']],
    ['nullable enum', { type: 'string', enum: ['a', null], nullable: true }, ['a', null], ['c']],
    ['oneOf', { oneOf: [{ type: 'string' }, { type: 'integer' }] }, ['x', 1], [true]],
    [
      'allOf of objects',
      { allOf: [{ $ref: '#/components/schemas/A' }, { required: ['b'], properties: { b: { type: 'string' } } }] },
      [{ a: 1, b: 'x' }],
      [{ a: 1 }, { b: 'x' }, { a: 1, b: 'x', c: 1 }],
    ],
    ['an object that says nothing', { type: 'object' }, [{ anything: 1 }], ['x']],
    ['a map', { type: 'object', additionalProperties: { type: 'integer' } }, [{ a: 1 }], [{ a: 'x' }]],
    [
      'an object of anything is strict where it names fields',
      { type: 'object', properties: { a: {} }, additionalProperties: true },
      [{ a: [1] }],
      [{ b: 1 }],
    ],
    [
      'a schema that contains itself',
      { $ref: '#/components/schemas/Tree' },
      [{ child: { child: {} } }],
      [{ child: { other: 1 } }],
    ],
    [
      'a default changes nothing',
      { type: 'object', properties: { a: { type: 'string', default: 'x' } } },
      [{}],
      [{ a: 1 }],
    ],
    ['a pattern is left to the system', { type: 'string', pattern: '^(a+)+$' }, [`${'a'.repeat(50)}!`], [1]],
  ];
  const components = {
    schemas: {
      A: { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } },
      Tree: { type: 'object', properties: { child: { $ref: '#/components/schemas/Tree' } } },
    },
  };
  test.each(CASES)('%s', async (_what, schema, good, bad) => {
    const { registry } = await governedApi({ description: posting(schema, components) });
    const [operation] = [...registry.all()];
    const parse = (body: Json) => operation?.definition.input.safeParse({ body });
    for (const body of good) expect(parse(body)).toEqual({ success: true, data: { body } });
    for (const body of bad) expect([body, parse(body)?.success]).toEqual([body, false]);
  });
});

describe('proposals', () => {
  const said = async (method: string, path: string, words: JsonObject) => {
    const id = path.includes('{')
      ? { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] }
      : {};
    const [entry] = Object.values(await proposed(describing(path, { [method]: { ...words, ...id, responses: {} } })));
    return {
      kind: isJsonObject(entry?.['proposal']) ? entry['proposal']['kind'] : undefined,
      reason: String(entry?.['reason']),
    };
  };
  const CASES: readonly (readonly [string, string, JsonObject, string, RegExp])[] = [
    ['get', '/users', {}, 'read', /a GET/],
    ['get', '/api-keys', {}, 'read', /"keys": mind what/],
    ['delete', '/users/{id}', { description: 'Deletes it permanently.' }, 'delete', /no way back: "permanently"/],
    ['delete', '/users/{id}', { summary: 'It cannot be recovered.' }, 'delete', /"cannot be recovered"/],
    ['delete', '/users/{id}/roles', {}, 'privilege', /"roles"/],
    ['post', '/sessions/{id}/revoke', {}, 'privilege', /"revoke"/],
    ['post', '/users/{id}/suspend', {}, 'isolate', /"suspend"/],
    ['post', '/things/{id}/copies', { operationId: 'sendThing' }, 'communicate', /"send"/],
    ['post', '/payments', {}, 'spend', /"payments"/],
    ['post', '/jobs/{id}/run', {}, 'execute', /"run"/],
    ['post', '/things/{id}/rename', {}, 'update', /ends in "rename"/],
    ['post', '/things/search', {}, 'create', /a POST/],
    ['patch', '/things/{id}', {}, 'update', /a PATCH/],
    ['get', '/things', { summary: 'Lists\u202E them' }, 'read', /hidden characters/],
  ];
  test.each(CASES)('%s %s %j is proposed as %s', async (method, path, words, kind, reason) => {
    expect(await said(method, path, words)).toEqual({ kind, reason: expect.stringMatching(reason) });
  });

  test('what can be undone, or stays inside, is for people to say', async () => {
    const [entry] = Object.values(await proposed(posting({})));
    expect(entry?.['proposal']).toEqual({ kind: 'create', reversible: 'no', external: true, privileged: true });
  });
});

const SPECS = join(import.meta.dirname, '../../../../shared/specs');
const PUBLISHED = [
  { file: 'kong/kong-admin-oss-3.9.yaml', operations: 142, usable: 140 },
  { file: 'openai/openapi.yaml', operations: 288, usable: 264 },
  { file: 'talkdesk/powerplatform-talkdesk.swagger.json', operations: 23, usable: 23 },
];

test.each(PUBLISHED)(
  'the published description $file is taken in, and policies can be written for it',
  async (published) => {
    const file = join(SPECS, published.file);
    if (!existsSync(file)) {
      console.log(`${published.file} is not there: taken in without it`);
      return;
    }
    const entries = Object.values(await proposalOf(file));
    const usable = entries.filter((entry) => 'pin' in entry).length;
    expect([entries.length, usable]).toEqual([published.operations, published.usable]);
    const { Registry } = await import('../../../src/connector/registry.ts');
    const { systemClock } = await import('../../../src/lib/clock.ts');
    const directory = newDirectory();
    const accepted = Object.entries(await proposalOf(file)).map(([key, { pin, proposal }]) => [
      key,
      pin === undefined ? {} : { pin, effect: proposal },
    ]);
    writeFileSync(join(directory, 'm.json'), JSON.stringify({ operations: Object.fromEntries(accepted) }));
    const settings = { url: 'https://api.example', description: file, manifest: 'm.json' };
    const registry = await Registry.connect([{ system: 'api', connector: openapi, settings }], {
      clock: systemClock,
      baseDirectory: directory,
      log: () => undefined,
    });
    expect(registry.catalog.operations.length).toBe(published.operations);
    expect(() => generateSchema(registry.catalog)).not.toThrow();
  },
);
