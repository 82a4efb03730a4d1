import type { Effect } from '../../src/action/effect.ts';
import type { ConformanceFixtures, ConformanceSample } from '../../src/connector/conformance/fixtures.ts';
import { MANY } from './judge-statement.ts';

const statement = (
  text: string,
  effects: readonly string[],
  effect: Partial<Effect>,
  when: string,
): ConformanceSample => ({
  operation: 'sql.statement.run',
  input: { statement: text },
  effects,
  effect,
  when,
});

const samples: readonly ConformanceSample[] = [
  { operation: 'sql.query.run', input: { statement: 'select id from main.sales.orders' }, effects: [] },
  statement('select 1', [], { kind: 'read' }, 'a query'),
  statement(
    'insert into main.sales.orders (id) values (1), (2)',
    ['statement.insert'],
    { kind: 'create', count: 2 },
    'INSERT',
  ),
  statement('update main.sales.orders set a = 1', ['statement.update'], { kind: 'update', count: MANY }, 'UPDATE'),
  statement(
    'delete from main.sales.orders',
    ['statement.delete'],
    { kind: 'delete', reversible: 'no', count: MANY },
    'DELETE',
  ),
  statement(
    'create table main.sales.fresh (id int)',
    ['statement.create-table'],
    { kind: 'create', reversible: 'operation', privileged: true },
    'CREATE TABLE',
  ),
  statement(
    'drop table main.sales.orders',
    ['statement.drop-table'],
    { kind: 'delete', reversible: 'no', privileged: true },
    'DROP',
  ),
  statement(
    'grant select on table main.sales.orders to analysts',
    ['statement.grant'],
    { kind: 'privilege', privileged: true },
    'GRANT',
  ),
  statement(
    'call main.sales.cleanup()',
    ['statement.call'],
    { kind: 'execute', reversible: 'no', external: true, privileged: true },
    'whatever is not understood',
  ),
  {
    operation: 'sql.script.run',
    input: { script: 'insert into main.sales.orders (id) values (1); drop table main.sales.orders' },
    effects: ['statement.insert', 'statement.drop-table'],
    effect: { kind: 'delete', reversible: 'no', privileged: true },
  },
  {
    operation: 'sql.statement.get',
    input: { statement_id: '01ef-1' },
    effects: [],
    after: [{ operation: 'sql.query.run', input: { statement: 'select 1' } }],
  },
  {
    operation: 'sql.statement.cancel',
    input: { statement_id: '01ef-1' },
    effects: ['statement.cancel'],
    effect: { kind: 'update' },
    after: [{ operation: 'sql.query.run', input: { statement: 'select sleep from main.sales.orders' } }],
  },
];

const body = { error_code: 'REQUEST_LIMIT_EXCEEDED', message: 'Too many requests.' };

export default {
  samples,
  rateLimits: [
    { status: 429, headers: { 'retry-after': '7' }, body, dialect: 'retry-after', waitsMs: 7_000 },
    { status: 429, headers: {}, body, dialect: 'none', waitsMs: 1_000 },
  ],
  effectCases: [
    {
      operation: 'sql.statement.run',
      input: { statement: 'create table if not exists t (id int)' },
      effect: { kind: 'create', reversible: 'no', privileged: true },
    },
    {
      operation: 'sql.statement.run',
      input: { statement: 'insert into t (a) values (1)' },
      effect: { kind: 'create', count: 1, privileged: false },
    },
    { operation: 'sql.script.run', input: { script: 'select 1' }, effect: { kind: 'read' } },
    {
      operation: 'sql.script.run',
      input: { script: 'insert into t (a) values (1)' },
      effect: { kind: 'create', privileged: false },
    },
    { operation: 'sql.script.run', input: { script: 'update t set a = 1' }, effect: { kind: 'update' } },
    { operation: 'sql.script.run', input: { script: 'delete from t' }, effect: { kind: 'delete', privileged: false } },
    { operation: 'sql.script.run', input: { script: 'grant select on t to a' }, effect: { kind: 'privilege' } },
    { operation: 'sql.script.run', input: { script: 'call f()' }, effect: { kind: 'execute' } },
  ],
  state: {
    reads: [{ operation: 'sql.query.run', input: { statement: 'select name from tables' } }],
    ignore: ['statement_id'],
  },
  judgedBy: {},
} satisfies ConformanceFixtures;
