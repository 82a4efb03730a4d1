import { describe, expect, test } from 'vitest';
import { CedarDatetime, CedarIp, EntityRef } from '../../../src/action/policy-port.ts';
import { readRecord } from './read-value.ts';
import { ResolvedSchema } from './resolved-schema.ts';

const schema = new ResolvedSchema({
  N: {
    commonTypes: { Owner: { type: 'Entity', name: 'N::User' }, Owners: { type: 'Set', element: { type: 'N::Owner' } } },
  },
});
const type = {
  type: 'Record',
  attributes: {
    owners: { type: 'N::Owners' },
    at: { type: 'datetime' },
    from: { type: 'Extension', name: 'ipaddr' },
    plain: { type: 'Record', attributes: {} },
  },
};

describe('what the schema says is read so without a mark', () => {
  test.for([
    ['an entity', { owners: [{ type: 'N::User', id: 'a' }] }, { owners: [new EntityRef('N::User', 'a')] }],
    ['an extension value', { at: '1970-01-02' }, { at: new CedarDatetime(86_400_000) }],
    ['a call', { from: { fn: 'ip', arg: '10.0.0.0/8' } }, { from: new CedarIp(4, 10n << 24n, 8) }],
    [
      'and what it does not is what it is',
      { plain: { type: 'N::User', id: 'a' } },
      { plain: { type: 'N::User', id: 'a' } },
    ],
    ['as is what it does not know', { other: '1970-01-02' }, { other: '1970-01-02' }],
  ] as const)('%s', ([, json, value]) => expect(readRecord(json, type, schema)).toEqual(value));
});

describe('what is marked is read so whatever the schema says', () => {
  test.for([
    ['an entity', { any: { __entity: { type: 'User', id: 'a' } } }, { any: new EntityRef('User', 'a') }],
    [
      'a call in a call',
      {
        at: {
          __extn: {
            fn: 'offset',
            args: [{ __extn: { fn: 'datetime', arg: '1970-01-01' } }, { __extn: { fn: 'duration', arg: '-5ms' } }],
          },
        },
      },
      { at: new CedarDatetime(-5) },
    ],
  ] as const)('%s', ([, json, value]) => expect(readRecord(json, type, schema)).toEqual(value));
});

test('a field is a field, whatever its name', () => {
  const record = readRecord(JSON.parse('{"__proto__": 1, "constructor": 2}'), undefined, schema);
  expect(Object.entries(record)).toEqual([
    ['__proto__', 1],
    ['constructor', 2],
  ]);
});
