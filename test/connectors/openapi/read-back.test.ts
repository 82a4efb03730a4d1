import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/lib/json.ts';
import { describing, governedApi, startApi, UPDATE } from './described-api.ts';

const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const BODY = {
  requestBody: {
    content: { 'application/json': { schema: { type: 'object', properties: { name: { type: 'string' } } } } },
  },
};
const THINGS = describing('/things/{id}', {
  parameters: [ID],
  get: { operationId: 'getThing', responses: {} },
  put: { operationId: 'putThing', ...BODY, responses: {} },
  delete: { operationId: 'deleteThing', responses: {} },
});
const GET = 'GET /things/{id}';

/** What a read-back of `PUT` says when the API answers it so. */
async function readBack(shows: JsonObject, reply: Parameters<typeof startApi>[0], more: JsonObject = {}) {
  const { url, received } = await startApi(reply);
  const entry = { effect: UPDATE, readBack: { operation: GET, shows, ...more } };
  const { registry } = await governedApi({ description: THINGS, url, entries: { 'PUT /things/{id}': entry } });
  const { definition, context } = registry.operation('api.api.put-thing');
  const probe = definition.kind === 'write' ? definition.probe : undefined;
  const input = { path: { id: 'a/b' }, body: { name: 'new' } };
  const found = await probe?.(input, context('act-1', AbortSignal.timeout(10_000)));
  return { status: found?.status, calls: received.map(({ method, target }) => `${method} ${target}`) };
}

describe('a read-back', () => {
  const FROM = { field: 'name', from: 'input.body.name' };
  const CASES: readonly (readonly [JsonObject, Parameters<typeof startApi>[0], string])[] = [
    [FROM, { body: { name: 'new' } }, 'applied'],
    [FROM, { body: { name: 'old' } }, 'not-applied'],
    [FROM, { body: {} }, 'undetermined'],
    [FROM, { body: 'new' }, 'undetermined'],
    [FROM, { status: 404 }, 'undetermined'],
    [FROM, { status: 500 }, 'undetermined'],
    [{ field: 'state.name', equals: 'on' }, { body: { state: { name: 'on' } } }, 'applied'],
    [{ field: 'state.name', equals: 'on' }, { body: { state: { name: 'off' } } }, 'not-applied'],
    [{ field: 'count', equals: 1 }, { body: { count: '1' } }, 'not-applied'],
    [{ gone: true }, { status: 404 }, 'applied'],
    [{ gone: true }, { status: 410 }, 'applied'],
    [{ gone: true }, { body: {} }, 'not-applied'],
    [{ gone: true }, { status: 403 }, 'undetermined'],
    [{ gone: true }, { status: 302, headers: { location: '/login' } }, 'undetermined'],
    [{ found: true }, { body: {} }, 'applied'],
    [{ found: true }, { status: 404 }, 'not-applied'],
    [{ found: true }, { status: 401 }, 'undetermined'],
  ];
  test.each(CASES)('that must show %j and is answered %j is %s', async (shows, reply, status) => {
    const found = await readBack(shows, reply);
    expect(found.status).toBe(status);
    expect(new Set(found.calls)).toEqual(new Set(['GET /v1/things/a%2Fb']));
  });

  test('asks nothing where the call does not have what it needs', async () => {
    const found = await readBack({ found: true }, { body: {} }, { input: { 'path.id': 'input.body.missing' } });
    expect(found).toEqual({ status: 'undetermined', calls: [] });
  });

  test.each([
    ['of what is not described', { readBack: { operation: 'GET /other', shows: { found: true } } }],
    ['by what is no GET', { readBack: { operation: 'DELETE /things/{id}', shows: { found: true } } }],
    ['that must show nothing', { readBack: { operation: GET, shows: {} } }],
    ['and an undo by what is not described', { undo: { operation: 'POST /other' } }],
    ['with a value from nowhere', { readBack: { operation: GET, shows: { field: 'a', from: 'body.a' } } }],
  ])('%s does not load', async (_what, more) => {
    const entries = { 'PUT /things/{id}': { effect: UPDATE, ...more } };
    await expect(governedApi({ description: THINGS, entries })).rejects.toMatchObject({ code: 'CONNECTOR_INVALID' });
  });
});

describe('an undo', () => {
  const undoOf = async (undo: JsonObject, result: JsonObject) => {
    const entries = {
      'PUT /things/{id}': { effect: UPDATE, undo },
      'DELETE /things/{id}': { effect: UPDATE, operation: 'thing.remove' },
    };
    const { registry } = await governedApi({ description: THINGS, entries });
    const { definition } = registry.operation('api.api.put-thing');
    const input = { path: { id: 'a' }, body: { name: 'new' } };
    if (definition.kind !== 'write' || typeof definition.undo !== 'function') throw new Error('there is no undo');
    return { inverse: definition.undo(input, result), reversible: definition.effect(input).reversible };
  };
  const operation = 'DELETE /things/{id}';

  test('takes the path of the call, or a value of its answer', async () => {
    const expected = { operation: 'api.thing.remove', input: { path: { id: 'a' } } };
    expect(await undoOf({ operation }, {})).toEqual({ inverse: expected, reversible: 'operation' });
    const { inverse } = await undoOf(
      { operation, input: { 'path.id': 'result.body.id' } },
      { status: 201, body: { id: 'z' } },
    );
    expect(inverse).toEqual({ ...expected, input: { path: { id: 'z' } } });
  });

  test('is none where the answer does not have what it needs', async () => {
    const { inverse } = await undoOf({ operation, input: { 'path.id': 'result.body.id' } }, { status: 201 });
    expect(inverse).toBeUndefined();
  });
});
