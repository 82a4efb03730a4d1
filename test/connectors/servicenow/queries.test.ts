import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodedQuery } from '../../../connectors/servicenow/encoded-query.ts';
import { ids } from '../../../connectors/servicenow/samples.ts';
import { createIncident, openInstance, resultOf } from './instance.ts';

const search = (values: readonly string[], operator = 'equals', field = 'short_description') => ({
  where: [{ field, operator, values }],
});

describe('a query value', () => {
  const INJECTIONS = [
    'x^OR1=1',
    'x^active=true',
    'x^NQactive=true',
    '^',
    '＾NQactive=true',
    'javascript:gs.getUserID()',
    'JavaScript :gs.getUserID()',
    'a javascript:1',
    'x\nactive=true',
    'x\r^y',
    'x\u2028y',
    'x\u0000y',
    '',
    'x'.repeat(201),
  ];

  it.each(INJECTIONS)('is refused before anything is sent: %j', async (value) => {
    const instance = await openInstance();
    const { input } = instance.operation('servicenow.incident.search');
    expect(input.safeParse(search([value])).success).toBe(false);
    expect(input.safeParse(search(['fine', value])).success).toBe(false);
    expect(() => encodedQuery([{ field: 'number', operator: 'equals', values: [value] }])).toThrow();
  });

  it('never adds a condition: whatever is accepted stays one part of the query', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (value) => {
        let query: string;
        try {
          query = encodedQuery([{ field: 'number', operator: 'equals', values: [value] }]);
        } catch {
          return;
        }
        expect(query.split(/[\^\n\r]/)).toEqual([`number=${value}`]);
        expect(query).not.toMatch(/javascript:/i);
      }),
    );
  });

  it.each(['incident.search', 'user.search'])(
    'of %s belongs to a listed column: no dotted path, no password',
    async (name) => {
      const { operation } = await openInstance();
      const { input } = operation(`servicenow.${name}`);
      for (const field of ['caller_id.user_password', 'user_password', 'x^OR1=1', '123', 'ORDERBYnumber']) {
        expect(input.safeParse(search(['a'], 'starts-with', field)).success, field).toBe(false);
        expect(input.safeParse({ where: [], order_by: field }).success, field).toBe(false);
      }
    },
  );
});

describe('an encoded query', () => {
  it('joins values of one condition, and conditions, in ServiceNow’s grammar', () => {
    const where = [
      { field: 'state', operator: 'equals', values: ['1', '2'] },
      { field: 'category', operator: 'not-equals', values: ['hr', 'legal'] },
      { field: 'short_description', operator: 'contains', values: ['mail'] },
    ] as const;
    expect(encodedQuery(where, { field: 'number', descending: true })).toBe(
      'state=1^ORstate=2^category!=hr^category!=legal^short_descriptionLIKEmail^ORDERBYDESCnumber^ORDERBYsys_id',
    );
  });

  it.each([
    ['equals', 'category', ['hr', 'network'], ['Question about a payslip', 'VPN drops every hour']],
    ['not-equals', 'category', ['hr', 'network', 'hardware'], ['Unable to connect to email']],
    ['contains', 'short_description', ['payslip'], ['Question about a payslip']],
    ['starts-with', 'short_description', ['VPN', 'Laptop'], ['Laptop for a new colleague', 'VPN drops every hour']],
    ['ends-with', 'short_description', ['email'], ['Unable to connect to email']],
  ])('with %s on %s selects what it says', async (operator, field, values, expected) => {
    const instance = await openInstance();
    const { records } = resultOf(
      await instance.run('servicenow.incident.search', { ...search(values, operator, field), order_by: 'number' }),
    );
    expect(records).toMatchObject(expected.map((short_description) => ({ short_description })));
  });
});

describe('a search', () => {
  const openTen = async () => {
    const instance = await openInstance();
    for (let i = 0; i < 10; i++) await createIncident(instance, { short_description: `Paging ${i}` }, `create-${i}`);
    return instance;
  };
  const paging = {
    where: [{ field: 'short_description', operator: 'starts-with', values: ['Paging'] }],
    order_by: 'number',
  };

  it('is complete, or says that there is more and where it goes on', async () => {
    const instance = await openTen();
    const seen: unknown[] = [];
    let offset: number | undefined = 0;
    while (offset !== undefined) {
      const result: { records?: unknown; more?: unknown; next_offset?: unknown } = resultOf(
        await instance.run('servicenow.incident.search', { ...paging, limit: 4, offset }),
      );
      if (!Array.isArray(result.records)) throw new Error('expected records');
      seen.push(...result.records.map((record) => record.short_description));
      expect(result.more).toBe(typeof result.next_offset === 'number');
      offset = typeof result.next_offset === 'number' ? result.next_offset : undefined;
    }
    expect(seen).toEqual(Array.from({ length: 10 }, (_, i) => `Paging ${i}`));
  });

  it('goes on past a page whose records may not be seen', async () => {
    const instance = await openTen();
    for (let i = 0; i < 3; i++) {
      const fields = { short_description: `Paging hidden ${i}`, u_restricted: 'true' };
      await instance.run('servicenow.record.create', { table: 'incident', fields }, `hidden-${i}`);
    }
    const input = { ...paging, descending: true, limit: 2 };
    const result = resultOf(await instance.run('servicenow.incident.search', input));
    expect(result['records']).toMatchObject([{ short_description: 'Paging 9' }, { short_description: 'Paging 8' }]);
  });

  it('ends although a system answers the same page for ever', async () => {
    const { operation } = await openInstance();
    const { execute, input } = operation('servicenow.incident.search');
    let calls = 0;
    const http = {
      send: async () => {
        calls += 1;
        return { ok: true as const, reply: { status: 200, headers: {}, body: { result: [{ sys_id: ids.incident }] } } };
      },
    };
    const context = {
      actionId: 'a',
      http,
      clock: { now: () => 0, after: () => () => undefined },
      signal: new AbortController().signal,
    };
    const result = resultOf(await execute(input.parse({ where: [], limit: 500 }), context));
    expect(result).toMatchObject({ more: true, next_offset: 1_000 });
    expect(calls).toBe(10);
  });

  it('gives nothing when one of its pages fails, and says that something was read', async () => {
    const { operation } = await openInstance();
    const { execute, input } = operation('servicenow.incident.search');
    const full = {
      status: 200,
      headers: { 'x-total-count': '500' },
      body: { result: Array.from({ length: 100 }, () => ({ sys_id: ids.incident })) },
    };
    let calls = 0;
    const http = {
      send: async () =>
        ++calls === 1
          ? { ok: true as const, reply: full }
          : { ok: false as const, class: 'refused' as const, detail: 'no' },
    };
    const context = {
      actionId: 'a',
      http,
      clock: { now: () => 0, after: () => () => undefined },
      signal: new AbortController().signal,
    };
    expect(await execute(input.parse({ where: [], limit: 500 }), context)).toMatchObject({
      status: 'failed',
      exposed: true,
    });
  });
});
