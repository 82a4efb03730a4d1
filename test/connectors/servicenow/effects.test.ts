import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ids } from '../../../connectors/servicenow/samples.ts';
import { recordEffect, type Verb, worstOf } from '../../../connectors/servicenow/table-effect.ts';
import { EFFECT_KINDS, type Effect, WORST_EFFECT } from '../../../src/action/effect.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { openInstance } from './instance.ts';

const sys_id = ids.incident;

const verbs = fc.constantFrom<Verb>('create', 'update', 'delete');
const columns = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/);
const fields = fc.dictionary(columns, fc.string(), { noNullPrototype: true });
const KNOWN =
  /^(?:incident|problem|change_request|sys_user|sys_user_role|sys_user_group|sys_user_has_role|sys_user_grmember|sys_user_delegate|sys_group_has_role|sys_user_role_contains|sysapproval_approver|sysapproval_group)$/;
const tables = fc.oneof(
  columns,
  fc.constantFrom('constructor', 'sys_script', 'sys_properties', 'sys_acl', 'task', 'valueof'),
);

const isAtLeast = (effect: Effect, other: Effect) =>
  JSON.stringify(worstOf([effect, other])) === JSON.stringify(effect);

describe('the effect on what nobody has classified', () => {
  it('is the worst for every table that is not listed', () => {
    fc.assert(
      fc.property(verbs, tables, fields, (verb, table, written) => {
        fc.pre(!KNOWN.test(table));
        expect(recordEffect(verb, table, written)).toEqual(WORST_EFFECT);
      }),
    );
  });

  it('is the worst for every column of a ticket that is not listed', () => {
    fc.assert(
      fc.property(verbs, fc.constantFrom('incident', 'problem', 'change_request'), columns, (verb, table, column) => {
        expect(recordEffect(verb, table, { [`u_${column}`]: 'x' })).toEqual(WORST_EFFECT);
      }),
    );
  });

  it('never becomes weaker by writing more', () => {
    const known = fc.constantFrom(
      'incident',
      'problem',
      'change_request',
      'sys_user',
      'sys_user_has_role',
      'sys_script',
    );
    const mixed = fc.dictionary(
      fc.oneof(columns, fc.constantFrom('comments', 'work_notes', 'state', 'approval', 'urgency', 'watch_list')),
      fc.string(),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(verbs, known, mixed, mixed, (verb, table, some, more) => {
        const less = Object.fromEntries(Object.entries(some).filter(([column]) => !(column in more)));
        expect(isAtLeast(recordEffect(verb, table, { ...less, ...more }), recordEffect(verb, table, less))).toBe(true);
      }),
    );
  });

  it('of several effects is at least as bad as each', () => {
    const effects = fc.record({
      kind: fc.constantFrom(...EFFECT_KINDS),
      reversible: fc.constantFrom('operation' as const, 'window' as const, 'no' as const),
      external: fc.boolean(),
      privileged: fc.boolean(),
      count: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(effects, effects, (a, b) => {
        const worst = worstOf([a, b]);
        expect(isAtLeast(worst, a) && isAtLeast(worst, b)).toBe(true);
        expect(worst).toEqual(worstOf([b, a]));
      }),
    );
  });
});

describe('the facets for policies', () => {
  const facetsOf = async (name: string, input: JsonObject) => {
    const { operation } = await openInstance();
    const { facets, input: schema } = operation(`servicenow.${name}`);
    return facets?.schema.parse(facets.of(schema.parse(input)));
  };

  it('say whether the caller gets to see it, and how long it is', async () => {
    expect(await facetsOf('incident.update', { sys_id, comments: 'hello' })).toEqual({
      customer_visible: true,
      text_length: 5,
    });
    expect(await facetsOf('incident.update', { sys_id, work_notes: 'hello' })).toEqual({
      customer_visible: false,
      text_length: 5,
    });
  });

  it('say of any record which class of table it is, and which columns are written', async () => {
    const facets = await facetsOf('record.create', {
      table: 'sys_user_has_role',
      fields: { user: ids.dina, role: ids.itil },
    });
    expect(facets).toMatchObject({ table_class: 'security', field_names: ['user', 'role'], customer_visible: false });
    expect(await facetsOf('record.delete', { table: 'u_salaries', sys_id })).toMatchObject({
      table_class: 'unknown',
      customer_visible: true,
    });
    expect(await facetsOf('record.get', { table: 'problem', sys_id, fields: ['number'] })).toEqual({
      table_class: 'ticket',
    });
  });
});

describe('the resource of an operation', () => {
  it('is the same record whichever operation reaches it', async () => {
    const { operation } = await openInstance();
    const first = (name: string, input: JsonObject) => operation(`servicenow.${name}`).resources(input)[0];
    expect(first('record.update', { table: 'incident', sys_id })).toEqual(first('incident.update', { sys_id }));
    expect(first('record.update', { table: 'sys_user', sys_id })).toEqual(first('user.lock', { sys_id }));
    expect(first('record.delete', { table: 'u_salaries', sys_id })).toMatchObject({
      type: 'ServiceNow::TableRecord',
      id: `u_salaries/${sys_id}`,
    });
  });

  it('is the user who gets a role or joins a group, also by the general operation', async () => {
    const { operation } = await openInstance();
    const of = (name: string, input: JsonObject) => operation(`servicenow.${name}`).resources(input);
    const membership = { group: ids.hr, user: ids.dina };
    expect(of('record.create', { table: 'sys_user_grmember', fields: membership }).slice(0, 2)).toEqual(
      of('group.add-member', membership),
    );
    const grant = { table: 'sys_user_has_role', fields: { user: ids.dina, role: ids.itil } };
    expect(of('record.create', grant)[0]).toEqual(of('role.grant', { user: ids.dina, role: 'itil' })[0]);
  });
});
