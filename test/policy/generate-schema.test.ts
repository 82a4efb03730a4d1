import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Catalog } from '../../src/action/operation-descriptor.ts';
import { freshCedar } from '../../src/policy/cedar-wasm/fresh-cedar.ts';
import { generateSchema } from '../../src/policy/generate-schema.ts';
import { catalog } from './catalog.ts';
import { largeCatalog } from './large-catalog.ts';

const cedar = freshCedar();
// Ours is Cedar's own format, only read-only.
const accepts = (of: Catalog) => cedar.checkParseSchema(generateSchema(of).json as never);
const withTypes = (...types: `${string}::${string}`[]): Catalog => ({
  ...catalog,
  resourceTypes: types.map((type) => ({ type, attributes: {} })),
});
const withInput = (input: z.ZodObject): Catalog => ({
  ...catalog,
  operations: catalog.operations.slice(0, 1).map((operation) => ({ ...operation, input })),
});

describe('the generated schema', () => {
  test.for([
    ['nothing', { systems: [], labels: [], operations: [], resourceTypes: [] }],
    ['two systems', catalog],
    ['16 systems of 200 operations', largeCatalog()],
    [
      'types of other systems with the names of common things',
      withTypes('Okta::User', 'Crm::Activity', 'Crm::Limits', 'Crm::Nothing'),
    ],
  ] as const)('is accepted by Cedar for %s', ([, of]) => {
    expect(accepts(of)).toEqual({ type: 'success' });
  });

  test('has one hash per catalog', () => {
    expect(generateSchema(catalog).hash).toBe(generateSchema({ ...catalog }).hash);
    expect(generateSchema(catalog).hash).not.toBe(generateSchema({ ...catalog, labels: ['vip', 'other'] }).hash);
  });

  test('puts an action into the groups of its system, activity and effects, and into write unless it only reads', () => {
    const groups = (id: string) =>
      generateSchema(catalog)
        .json['']?.actions[id]?.memberOf?.map((group) => group.id)
        .sort();
    expect(groups('desk.ticket.get')).toEqual(['desk', 'read', 'tool']);
    expect(groups('desk.ticket.delete')).toEqual(['delete', 'desk', 'tool', 'write']);
  });

  test.for([
    ['a type that hides a common one', withTypes('Mail::Label'), 'Mail::Label'],
    ["a type in Interlock's own namespace", withTypes('Interlock::User'), 'Interlock::User'],
    ['a type that is no Cedar name', withTypes('Mail::Per-son'), 'Mail::Per-son'],
    ['a system named like a group of actions', { ...catalog, systems: ['desk', 'mail', 'write'] }, 'write'],
    ["a system named like Interlock's own", { ...catalog, systems: ['desk', 'mail', 'interlock'] }, 'interlock'],
    [
      'an operation declared twice',
      { ...catalog, operations: [...catalog.operations, ...catalog.operations] },
      'desk.ticket.get',
    ],
    ['an operation of an undeclared system', { ...catalog, systems: ['mail'] }, 'desk.ticket.get'],
    [
      'an attribute of two types',
      {
        ...catalog,
        resourceTypes: [...catalog.resourceTypes, { type: 'Desk::Ticket', attributes: { owner: 'Long' } }],
      },
      'Desk::Ticket.owner',
    ],
    ['an input that is not JSON', withInput(z.strictObject({ at: z.date() })), 'desk.ticket.get.at'],
    [
      'an input named like an entity',
      withInput(z.strictObject({ who: z.strictObject({ __entity: z.string() }) })),
      'desk.ticket.get.who.__entity',
    ],
  ] as const)('refuses %s and names it', ([, of, name]) => {
    expect(() => generateSchema(of as Catalog)).toThrowError(
      expect.objectContaining({ code: 'CONNECTOR_INVALID', message: expect.stringContaining(name) }),
    );
  });
});
