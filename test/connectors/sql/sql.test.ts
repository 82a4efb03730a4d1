import { describe, expect, test } from 'vitest';
import sql from '../../../connectors/sql/index.ts';
import { governConnector } from '../../support/governed-connector.ts';

const POLICIES = `@id("no-salaries") @title("Nobody touches salaries.")
forbid(principal, action in Action::"sql", resource) when { context has input && context.input has tables_read &&
  (context.input.tables_read.contains("main.hr.salaries") || context.input.tables_written.contains("main.hr.salaries")) };
@id("understood-only") @title("Only what is understood.")
forbid(principal, action == Action::"sql.statement.run", resource) when { !context.input.understood };
@id("no-drop") @title("Nothing is dropped.")
forbid(principal, action == Action::"sql.statement.run", resource) when { context.input.verb == "drop" };`;

describe('through the gate', () => {
  test('a query of a forbidden table is denied however it is named, and another one is answered', async () => {
    const { run, effects } = await governConnector(sql, POLICIES.split('\n@id("understood')[0] ?? '');
    for (const input of [
      { statement: 'select * from main.hr.salaries' },
      { statement: 'select * from MAIN.HR.Salaries' },
      { statement: 'select * from salaries', catalog: 'main', schema: 'hr' },
      { statement: 'select 1 from main.sales.orders where exists (select 1 from main.hr.salaries)' },
      { statement: 'with orders as (select * from main.hr.salaries) select * from orders' },
    ])
      expect(await run('sql.query.run', input)).toMatchObject({
        decision: 'deny',
        reasons: [{ policy: 'no-salaries' }],
      });
    expect(await run('sql.query.run', { statement: 'select * from main.sales.orders' })).toMatchObject({
      decision: 'allow',
      outcome: { status: 'succeeded', result: { rows: [['main.sales.orders']] } },
    });
    expect(effects()).toEqual([]);
  });

  test('a drop in the middle of a script is denied as the drop that it is, and nothing of the script is sent', async () => {
    const { run, effects } = await governConnector(sql, POLICIES);
    const insert = 'insert into main.sales.orders (id) values (1)';
    expect(await run('sql.script.run', { script: `${insert}; drop table main.sales.orders; select 1` })).toMatchObject({
      decision: 'deny',
      reasons: expect.arrayContaining([expect.objectContaining({ policy: 'no-drop', part: 2 })]),
    });
    expect(effects()).toEqual([]);
    expect(await run('sql.script.run', { script: `${insert}; select 1` })).toMatchObject({ decision: 'allow' });
    expect(effects()).toEqual(['statement.insert']);
  });

  test.each([
    "select 'a\\' , ' ; drop table main.sales.orders; --'",
    'select 1; drop table main.sales.orders',
    'with x as (delete from main.sales.orders returning *) select * from x',
    'execute immediate 1',
  ])('what is not understood is denied where a policy wants it understood: %s', async (statement) => {
    const { run, effects } = await governConnector(sql, POLICIES);
    expect(await run('sql.statement.run', { statement })).toMatchObject({
      decision: 'deny',
      reasons: expect.arrayContaining([expect.objectContaining({ policy: 'understood-only' })]),
    });
    await expect(run('sql.query.run', { statement })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(effects()).toEqual([]);
  });

  test('a statement that fails ends the script, and what follows was not sent', async () => {
    const { run, effects } = await governConnector(sql, '');
    const script = 'insert into a.b.c (id) values (1); drop table a.b.none; delete from a.b.c';
    expect(await run('sql.script.run', { script })).toMatchObject({
      decision: 'allow',
      parts: [
        { outcome: { status: 'succeeded' } },
        { outcome: { status: 'failed' } },
        { outcome: { status: 'failed' } },
      ],
    });
    expect(effects()).toEqual(['statement.insert']);
  });
});
