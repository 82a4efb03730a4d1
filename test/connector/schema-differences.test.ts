import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/lib/json.ts';
import { schemaDifferences } from '../support/schema-differences.ts';

const DOCUMENT: JsonObject = {
  definitions: {
    named: { type: 'object', properties: { name: { type: 'string', pattern: '^[a-z]+$' } }, required: ['name'] },
    list: { type: 'object', properties: { all: { type: 'array', items: { $ref: '#/definitions/named' } } } },
    both: {
      allOf: [{ $ref: '#/definitions/named' }, { properties: { kind: { enum: ['a', 'b'] } } }],
    },
    either: {
      properties: { id: { type: 'integer' } },
      oneOf: [
        { $ref: '#/definitions/named' },
        { properties: { deep: { $ref: '#/definitions/list' } }, required: ['deep'] },
      ],
    },
    map: { type: 'object', properties: { a: {} }, additionalProperties: { $ref: '#/definitions/named' } },
    itself: { allOf: [{ $ref: '#/definitions/itself' }] },
  },
};

const CASES: readonly (readonly [string, Json, readonly string[]])[] = [
  ['named', { name: 'x' }, []],
  ['named', { name: 'X' }, ['body.name has another form than ^[a-z]+$']],
  ['named', { name: 1 }, ['body.name is no string']],
  ['named', { name: 'x', other: 1 }, ['body.other is not described']],
  ['named', {}, ['body.name is missing']],
  ['list', { all: [{ name: 'x' }, { name: 'y', z: 1 }] }, ['body.all[1].z is not described']],
  ['list', { all: {} }, ['body.all is no array']],
  ['both', { name: 'x', kind: 'a' }, []],
  ['both', { name: 'x', kind: 'c' }, ['body.kind is none of ["a","b"]']],
  ['either', { id: 1, name: 'x' }, []],
  ['either', { id: 1, deep: { all: [] } }, []],
  ['either', { id: 1, deep: { all: [{ name: 'x', z: 1 }] } }, ['body.deep.all[0].z is not described']],
  ['map', { a: 1, b: { name: 'x' } }, []],
  ['map', { b: { nam: 'x' } }, ['body.b.name is missing', 'body.b.nam is not described']],
];

test.each(CASES)('%s: of %j is different %j', (name, value, expected) => {
  expect(schemaDifferences(DOCUMENT, { $ref: `#/definitions/${name}` }, value)).toEqual(expected);
});

test('a schema that is made of itself ends', () => {
  expect(schemaDifferences(DOCUMENT, { $ref: '#/definitions/itself' }, {})).toEqual([]);
});

test('a reference to nothing is a mistake of the description', () => {
  expect(() => schemaDifferences(DOCUMENT, { $ref: '#/definitions/none' }, {})).toThrow('#/definitions/none');
});
