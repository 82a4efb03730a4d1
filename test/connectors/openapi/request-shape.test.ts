import { expect, test } from 'vitest';
import type { SeenRequest } from '../../../src/action/request-shape.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { describing, governedApi } from './described-api.ts';

const query = (name: string, schema: JsonObject, more: JsonObject = {}) => ({ name, in: 'query', schema, ...more });
const FORM = { type: 'object', properties: { a: { type: 'string' } } };
const THINGS = describing('/things/{id}', {
  parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
  put: {
    parameters: [
      query('flag', { type: 'boolean' }),
      query('ratio', { type: 'number' }),
      query('ids', { type: 'array', items: { type: 'integer' } }, { style: 'form', explode: false }),
      { name: 'If-Match', in: 'header', schema: { type: 'string' } },
    ],
    requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
    responses: {},
  },
  post: { requestBody: { content: { 'application/x-www-form-urlencoded': { schema: FORM } } }, responses: {} },
  get: { responses: {} },
});

async function read(method: string, seen: Partial<SeenRequest>): Promise<JsonObject> {
  const { registry } = await governedApi({ description: THINGS });
  const shape = registry.requests('api').find((each) => each.method === method);
  if (shape === undefined) throw new Error(`there is no ${method}`);
  return shape.inputOf({ path: { id: '7' }, query: [], headers: {}, body: 'none', ...seen });
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

const READ: readonly (readonly [string, Partial<SeenRequest>, JsonObject])[] = [
  ['PUT', {}, { path: { id: 7 } }],
  [
    'PUT',
    {
      query: [
        ['flag', 'true'],
        ['ratio', '0.5'],
        ['ids', '1,2'],
      ],
    },
    { path: { id: 7 }, query: { flag: true, ratio: 0.5, ids: [1, 2] } },
  ],
  ['PUT', { headers: { 'if-match': '"1"', other: 'x' } }, { path: { id: 7 }, header: { 'If-Match': '"1"' } }],
  ['PUT', { headers: JSON_TYPE, body: { text: '{"a":[1]}' } }, { path: { id: 7 }, body: { a: [1] } }],
  ['POST', { headers: FORM_TYPE, body: { text: 'a=x%20y' } }, { path: { id: 7 }, body: { a: 'x y' } }],
  ['GET', {}, { path: { id: 7 } }],
];
test.each(READ)('a %s with %j is read', async (method, seen, input) => {
  expect(await read(method, seen)).toEqual(input);
});

const REFUSED: readonly (readonly [string, Partial<SeenRequest>, string])[] = [
  ['PUT', { path: { id: '07' } }, 'INVALID_INPUT'],
  ['PUT', { path: { id: '1e3' } }, 'INVALID_INPUT'],
  ['PUT', { path: { id: '-0' } }, 'INVALID_INPUT'],
  ['PUT', { path: { id: '9'.repeat(16) } }, 'INVALID_INPUT'],
  ['PUT', { query: [['flag', 'TRUE']] }, 'INVALID_INPUT'],
  [
    'PUT',
    {
      query: [
        ['flag', 'true'],
        ['flag', 'true'],
      ],
    },
    'INVALID_INPUT',
  ],
  ['PUT', { query: [['Flag', 'true']] }, 'INVALID_INPUT'],
  ['PUT', { query: [['ratio', '.5']] }, 'INVALID_INPUT'],
  ['PUT', { query: [['ids', '1,,2']] }, 'INVALID_INPUT'],
  ['PUT', { query: [['ids[]', '1']] }, 'INVALID_INPUT'],
  ['PUT', { headers: { 'if-match': '"1", "2"' } }, 'INVALID_INPUT'],
  ['PUT', { body: 'unseen' }, 'BODY_NOT_SEEN'],
  ['GET', { body: 'unseen' }, 'BODY_NOT_SEEN'],
  ['GET', { headers: JSON_TYPE, body: { text: '{}' } }, 'INVALID_INPUT'],
  ['PUT', { headers: FORM_TYPE, body: { text: '{}' } }, 'INVALID_INPUT'],
  ['PUT', { body: { text: '{}' } }, 'INVALID_INPUT'],
  ['PUT', { headers: { 'content-type': 'application/json; charset=utf-16' }, body: { text: '{}' } }, 'INVALID_INPUT'],
  ['PUT', { headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body: { text: '{}' } }, 'INVALID_INPUT'],
  ['PUT', { headers: JSON_TYPE, body: { text: '{"a":1,"a":2}' } }, 'DUPLICATE_KEY'],
  ['PUT', { headers: JSON_TYPE, body: { text: '{"__proto__":1}' } }, 'FORBIDDEN_KEY'],
  ['PUT', { headers: JSON_TYPE, body: { text: '{' } }, 'MALFORMED_JSON'],
  ['POST', { headers: FORM_TYPE, body: { text: 'a=1&a=2' } }, 'INVALID_INPUT'],
];
test.each(REFUSED)('a %s with %j is refused', async (method, seen, code) => {
  await expect(read(method, seen)).rejects.toMatchObject({ code });
});
