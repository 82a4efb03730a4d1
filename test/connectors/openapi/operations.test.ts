import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/lib/json.ts';
import { describing, governedApi, startApi, UPDATE } from './described-api.ts';

const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const THING = {
  type: 'object',
  required: ['id', 'name'],
  properties: {
    id: { type: 'string', readOnly: true },
    name: { type: 'string' },
    secret: { type: 'string', writeOnly: true },
    parent: { $ref: '#/components/schemas/Thing' },
  },
};
const JSON_OF = (schema: JsonObject) => ({ content: { 'application/json': { schema } } });
const REF = { $ref: '#/components/schemas/Thing' };
const PUT = describing(
  '/things/{id}',
  {
    parameters: [ID],
    put: {
      operationId: 'putThing',
      parameters: [
        { name: 'dryRun', in: 'query', schema: { type: 'boolean' } },
        {
          name: 'tags',
          in: 'query',
          style: 'form',
          explode: false,
          schema: { type: 'array', items: { type: 'string' } },
        },
        { name: 'If-Match', in: 'header', schema: { type: 'string' } },
        { name: 'Authorization', in: 'header', schema: { type: 'string' } },
      ],
      requestBody: { required: true, ...JSON_OF(REF) },
      responses: { '200': { description: 'ok', ...JSON_OF(REF) } },
    },
  },
  { schemas: { Thing: THING } },
);
const INPUT = {
  path: { id: 'a b' },
  query: { dryRun: true, tags: ['x', 'y'] },
  header: { 'If-Match': '"1"' },
  body: { name: 'n' },
};

describe('a described operation', () => {
  test('is sent as described, below the address of the settings and with its credential', async () => {
    const { url, received } = await startApi({ body: { id: 'a', name: 'n' } });
    const authentication = { kind: 'header', header: 'X-Key', prefix: '', secret: 'k-1' };
    const api = await governedApi({ description: PUT, url, settings: { authentication } });
    expect(await api.run('api.api.put-thing', INPUT)).toMatchObject({ status: 'succeeded', result: { status: 200 } });
    expect(received).toMatchObject([
      {
        method: 'PUT',
        target: '/v1/things/a%20b?dryRun=true&tags=x%2Cy',
        headers: { 'x-key': 'k-1', 'if-match': '"1"' },
        body: '{"name":"n"}',
      },
    ]);
  });

  test('answers what its description declares, at every depth, and nothing else', async () => {
    const parent = { id: 'p', name: 'P', internal: 1, parent: { id: 'q', name: 'Q', secret: 's' } };
    const { url } = await startApi({ body: { id: 'a', name: 7, token: 't', secret: 's', parent } });
    const api = await governedApi({ description: PUT, url });
    expect(await api.run('api.api.put-thing', INPUT)).toMatchObject({
      status: 'succeeded',
      result: {
        status: 200,
        body: { id: 'a', name: 7, parent: { id: 'p', name: 'P', parent: { id: 'q', name: 'Q' } } },
      },
    });
    const { result } = (await api.run('api.api.put-thing', INPUT)) as { result: JsonObject };
    expect(JSON.stringify(result)).not.toMatch(/token|internal|secret/);
  });

  test.each([
    ['an unknown argument', { ...INPUT, more: 1 }],
    ['an unknown parameter', { ...INPUT, query: { force: true } }],
    ['a header that is the transport’s', { ...INPUT, header: { Authorization: 'Bearer x' } }],
    ['an unknown field in its body', { ...INPUT, body: { name: 'n', role: 'admin' } }],
    ['an unknown field further down', { ...INPUT, body: { name: 'n', parent: { name: 'p', role: 'admin' } } }],
    ['a field that is only answered', { ...INPUT, body: { name: 'n', id: 'x' } }],
    ['a body without what it requires', { ...INPUT, body: {} }],
    ['no body', { path: { id: 'a' } }],
    ['no path', { body: { name: 'n' } }],
    ['a value of another type', { ...INPUT, query: { dryRun: 'yes' } }],
  ])('refuses %s', async (_what, input) => {
    const { registry } = await governedApi({ description: PUT });
    expect(registry.operation('api.api.put-thing').definition.input.safeParse(INPUT).success).toBe(true);
    expect(registry.operation('api.api.put-thing').definition.input.safeParse(input).success).toBe(false);
  });

  const OPEN = describing('/things', {
    post: {
      parameters: [
        { name: '_method', in: 'query', schema: { type: 'string' } },
        { name: '_HttpMethod', in: 'query', schema: { type: 'string' } },
      ],
      requestBody: { ...JSON_OF({ type: 'object' }) },
      responses: {},
    },
  });
  test.each([
    ['its query, as described', { query: { _method: 'DELETE' } }],
    ['its query, by another name', { query: { _HttpMethod: 'DELETE' } }],
    ['its body', { body: { _method: 'delete' } }],
    ['its body, in capitals', { body: { a: 1, _METHOD: 'PUT' } }],
  ])('is never another method by %s, which some servers obey', async (_where, input) => {
    const { registry } = await governedApi({ description: OPEN });
    const { definition } = registry.operation('api.api.post-things');
    expect(definition.input.safeParse({ body: { a: 1, method: 'card' } }).success).toBe(true);
    expect(definition.input.safeParse(input).success).toBe(false);
  });

  test.each(['..', '.', '', 'a/../b', '..%2f', 'a\u0000', '//evil.example', '@evil.example'])(
    'a path variable %j is one segment below the address, or is not sent',
    async (id) => {
      const { url, received } = await startApi();
      const api = await governedApi({ description: PUT, url });
      const result = await api.run('api.api.put-thing', { ...INPUT, path: { id } });
      const [call] = received;
      if (call === undefined) expect(result).toMatchObject({ status: 'failed', code: 'INVALID_INPUT' });
      else expect(call.target).toMatch(/^\/v1\/things\/[^/?]+\?/);
    },
  );

  const ENDS: readonly (readonly [string, Parameters<typeof startApi>[0], string, string])[] = [
    ['is refused', { status: 409 }, 'failed', 'EXECUTION_FAILED'],
    ['finds its credential refused', { status: 401 }, 'failed', 'CREDENTIAL_REFUSED'],
    ['is sent elsewhere', { status: 302, headers: { location: 'http://evil.example/' } }, 'unknown', 'ORIGIN_LOCKED'],
    ['meets an error', { status: 500 }, 'unknown', 'OUTCOME_UNKNOWN'],
    ['loses its answer', 'reset', 'unknown', 'OUTCOME_UNKNOWN'],
  ];
  test.each(ENDS)('that %s is not sent twice', async (_how, reply, status, code) => {
    const { url, received } = await startApi(reply);
    const api = await governedApi({ description: PUT, url });
    expect(await api.run('api.api.put-thing', INPUT)).toMatchObject({ status, code });
    expect(received.length).toBe(1);
  });
});

describe('what a manifest says of an operation', () => {
  const cases = {
    effect: {
      cases: [{ when: { argument: 'query.dryRun', equals: true }, effect: { kind: 'read' } }],
      otherwise: UPDATE,
    },
    resource: { type: 'Things::Thing', id: 'path.id' },
    operation: 'thing.put',
  };

  test('names each kind of effect once, however many cases have it', async () => {
    const external = { ...UPDATE, external: true };
    const effect = { ...cases.effect, cases: [...cases.effect.cases, { ...cases.effect.cases[0], effect: external }] };
    const { registry } = await governedApi({ description: PUT, entries: { 'PUT /things/{id}': { ...cases, effect } } });
    expect(registry.operation('api.thing.put').definition).toMatchObject({ effectKinds: ['read', 'update'] });
  });

  test('decides its effect by its arguments, its resource and its name', async () => {
    const { registry } = await governedApi({ description: PUT, entries: { 'PUT /things/{id}': cases } });
    const { definition } = registry.operation('api.thing.put');
    const effect = (input: JsonObject) => definition.kind === 'write' && definition.effect(input).kind;
    expect(effect(INPUT)).toBe('read');
    expect(effect({ ...INPUT, query: {} })).toBe('update');
    expect(definition.resources(INPUT)).toEqual([{ type: 'Things::Thing', id: 'a b' }]);
  });

  test.each([
    ['no entry', {}],
    ['an entry without an effect', { 'PUT /things/{id}': {} }],
    ['an effect that is only proposed', { 'PUT /things/{id}': { proposal: UPDATE } }],
  ])('an operation with %s is refused', async (_what, entries) => {
    const { refusalOf } = await governedApi({ description: PUT, entries });
    expect(refusalOf('api.api.put-thing')).toMatchObject({ code: 'OPERATION_UNCLASSIFIED' });
  });

  test.each([
    [
      'its words',
      (text: string) => text.replace('"operationId":"putThing"', '"operationId":"putThing","summary":"Better."'),
    ],
    [
      'what its body may hold',
      (text: string) => text.replace('"name":{"type":"string"}', '"name":{"type":"string"},"admin":{"type":"boolean"}'),
    ],
    ['what it answers', (text: string) => text.replace('"writeOnly":true', '"writeOnly":false')],
    ['what its parameter means', (text: string) => text.replace('"type":"boolean"', '"type":"integer"')],
  ])('a description that changed %s is accepted no more', async (_what, change) => {
    const { directory } = await governedApi({ description: PUT });
    const pinned: JsonObject = JSON.parse(readFileSync(join(directory, 'api.manifest.json'), 'utf8'));
    const text = JSON.stringify(PUT);
    expect(change(text)).not.toBe(text);
    const entries = pinned['operations'] as Readonly<Record<string, JsonObject>>;
    const changed = await governedApi({ description: JSON.parse(change(text)), entries });
    expect(changed.refusalOf('api.api.put-thing')).toMatchObject({ code: 'OPERATION_CHANGED' });
    const same = await governedApi({ description: PUT, entries });
    expect(same.refusalOf('api.api.put-thing')).toBeUndefined();
  });

  test('an operation that is described no more is refused by its old name', async () => {
    const gone = {
      'DELETE /things/{id}': { operation: 'thing.delete', effect: UPDATE, pin: `sha256:${'0'.repeat(64)}` },
    };
    const { refusalOf } = await governedApi({ description: PUT, entries: gone });
    expect(refusalOf('api.thing.delete')).toMatchObject({ code: 'OPERATION_CHANGED' });
  });

  test('two operations with one name do not load', async () => {
    const two = describing('/a', { get: { responses: {} }, post: { responses: {} } });
    const entries = { 'GET /a': { operation: 'a.do' }, 'POST /a': { operation: 'a.do' } };
    await expect(governedApi({ description: two, entries })).rejects.toMatchObject({ code: 'CONNECTOR_INVALID' });
  });
});
