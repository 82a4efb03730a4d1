import { beforeAll, describe, expect, test } from 'vitest';
import { judgeStatement, MANY, readyToJudge, statementsOf, UNKNOWN } from '../../../connectors/sql/judge-statement.ts';
import { READS } from './statements.ts';

beforeAll(readyToJudge);

describe('a statement that only reads', () => {
  test.each(READS)('is known as one: %s', (text) => {
    expect(judgeStatement(text)).toMatchObject({ effect: { kind: 'read', privileged: false, external: false } });
  });
});

describe('a statement that is understood', () => {
  test.each([
    ['insert into a.b.c (x) values (1), (2)', { verb: 'insert', writes: ['a.b.c'], columns: ['x'] }, 'create', 2],
    ['insert into t (x) select y from u', { writes: ['t'], reads: ['t', 'u'], columns: ['y', 'x'] }, 'create', MANY],
    ['update t set x = 1 where y in (select z from u)', { writes: ['t'], columns: ['y', 'z', 'x'] }, 'update', MANY],
    ['delete from t where x = 1', { writes: ['t'] }, 'delete', MANY],
    [
      'merge into t using u on t.a = u.a when matched then update set b = 1',
      { writes: ['t'], reads: ['t', 'u'] },
      'delete',
      MANY,
    ],
    ['truncate table a.b.t', { writes: ['a.b.t'] }, 'delete', MANY],
    ['drop table a.b.t, u', { writes: ['a.b.t', 'u'] }, 'delete', 2],
    ['drop schema s cascade', { writes: ['s'] }, 'delete', MANY],
    ['drop table t cascade', { writes: ['t'] }, 'delete', MANY],
    ['grant select on table a.b.t to analysts', { verb: 'grant', writes: ['a.b.t'] }, 'privilege', 1],
    ['grant all privileges on all tables in schema s to analysts', { writes: ['*'] }, 'privilege', MANY],
    ['revoke select on t from analysts', { verb: 'revoke', writes: ['t'] }, 'privilege', 1],
    ['create table a.b.t (id int, name varchar(20))', { writes: ['a.b.t'] }, 'create', 1],
    ['explain delete from t', { verb: 'explain', writes: [], reads: ['t'] }, 'read', 1],
  ])('is told by its tree: %s', (text, facts, kind, count) => {
    expect(judgeStatement(text)).toMatchObject({ ...facts, effect: { kind, count } });
  });

  test('names what a WITH could hide', () => {
    expect(judgeStatement('with salaries as (select * from salaries) select 1 from salaries').reads).toEqual([
      'salaries',
    ]);
  });
});

describe('the worst is assumed of', () => {
  test.each([
    '',
    ';',
    'selec 1',
    'select 1; drop table t',
    'with x as (delete from t returning *) select * from x',
    'with x as (insert into t values (1) returning a) select * from x',
    'insert into t (with d as (delete from u returning a) select a from d)',
    'select pg_sleep(10)',
    'select lo_unlink(1)',
    'select dblink(1)',
    'select public.lower(a) from t',
    'select nextval(1)',
    'select http_request(1)',
    'select ai_query(1, 2)',
    'select secret(1, 2)',
    'select a into b from t',
    'select * from t for update',
    'select * from pg_read_file(1)',
    'select * from t tablesample system (1)',
    'select a operator(public.+) b from t',
    'select a::regclass from t',
    'select cast(a as my.type) from t',
    'explain analyze delete from t',
    'explain (analyze true) select 1',
    'call f()',
    'do language plpgsql 1',
    'copy t to program 1',
    "copy t to 's3://bucket/a'",
    "copy into t from 's3://bucket/a'",
    'create function f() returns int as 1',
    "create table t (id int) location 's3://bucket'",
    'create table t as select 1',
    'create table t (id int default f())',
    'create view v as select 1',
    'alter table t owner to me',
    'set role admin',
    'begin',
    'vacuum t',
    'use catalog main',
    'delete from t where f(a)',
    'update t set a = evil()',
    'insert into t values (1) returning evil()',
    'drop role r',
    'drop database d',
    'grant admin to me',
  ])('%j', (text) => {
    expect(judgeStatement(text)).toEqual(UNKNOWN);
  });

  test.each([
    ["select 'a\\' , ' ; drop table x; --'", 'a backslash that ends a string in one dialect only'],
    ["select 'a\\\\', 1", 'a backslash, which ends no string here and may there'],
    ['select 1 -- drop', 'a comment'],
    ['select /*! drop */ 1', 'a comment that one system runs'],
    ['select $$ a $$', 'dollar quotes'],
    ['select "a" from t', 'double quotes, a name here and a text there'],
    ['select `a` from t', 'backticks'],
    ['select 1 from ｔ', 'fullwidth letters'],
    ['sеlect 1', 'a Cyrillic letter'],
    ['select\u00a01', 'a space that is none'],
    ['select 1\u2028from t', 'a line that is none'],
    ['select \u202e1', 'a change of direction'],
    ['select :id', 'a marker of a parameter'],
    ['select ?', 'a marker of a parameter'],
    ['select {{ x }}', 'a template'],
    ['select @@version', 'a variable'],
    ["select U&'\\0027'", 'an escape'],
    ['select 1\u0000', 'a zero'],
  ])('%j: %s', (text) => {
    expect(judgeStatement(text)).toEqual(UNKNOWN);
  });
});

test('a script is cut where its parser cuts it, and not at all where that is not certain', () => {
  expect(statementsOf("select ';'; delete from t ;; select 2")).toEqual(["select ';'", 'delete from t', 'select 2']);
  expect(statementsOf("select 'a\\'; drop table t")).toBeUndefined();
  expect(statementsOf('select 1; selec')).toBeUndefined();
});
