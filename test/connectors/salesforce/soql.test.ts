import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { soqlOf } from '../../../connectors/salesforce/soql.ts';
import { openOrg } from './org-world.ts';

const query = (value: string, operator: 'equals' | 'contains' = 'equals') =>
  soqlOf({ object: 'Account', fields: ['Name'], where: [{ field: 'Name', operator, values: [value] }], limit: 5 });

describe('a query is made of names and quoted values', () => {
  test.each([
    ["O'Brien", String.raw`'O\'Brien'`],
    [String.raw`\' OR Name != \'`, String.raw`'\\\' OR Name != \\\''`],
    ['2026-01-01', "'2026-01-01'"],
    ['null', "'null'"],
    ['line\nbreak', String.raw`'line\nbreak'`],
  ])('%j is quoted as %s', (value, literal) => {
    expect(query(value)).toBe(`SELECT Id, Name FROM Account WHERE Name = ${literal} LIMIT 5`);
  });

  test('a percent sign in a text stands for itself', () => {
    expect(query('100%_', 'contains')).toContain(String.raw`LIKE '%100\%\_%'`);
  });

  test('no text ends its own quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 40 }), (value) => {
        let text = '';
        try {
          text = query(value);
        } catch {
          return;
        }
        const quoted = text.slice('SELECT Id, Name FROM Account WHERE Name = '.length, -' LIMIT 5'.length);
        expect(quoted).toMatch(/^'(?:[^'\\]|\\.)*'$/s);
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });

  test.each(['Account.Owner', 'Name) FROM User', 'Id,Name', 'na me', '', "x'"])('%j is no name', (name) => {
    const where = [] as const;
    expect(() => soqlOf({ object: name, fields: ['Id'], where, limit: 1 })).toThrow();
    expect(() => soqlOf({ object: 'Account', fields: [name], where, limit: 1 })).toThrow();
  });
});

test.each(['', '../limits', '001acme0000000000', "001acme00000000000' OR '", 'me', '001acme00000000000/x'])(
  'a record is named by its id, not by %j',
  async (id) => {
    const { registry } = await openOrg();
    const { input } = registry.operation('salesforce.record.get').definition;
    expect(input.safeParse({ object: 'Account', id, fields: ['Name'] }).success).toBe(false);
  },
);
