import { describe, expect, test } from 'vitest';
import { ids } from '../../../connectors/servicenow/samples.ts';
import { seedId } from '../../../connectors/servicenow/simulator/seed-tables.ts';
import { type ResourceRef, resourceKey } from '../../../src/action/resource.ts';
import { BOUNDS } from '../../../src/lib/bounds.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { type Caller, openInstance, resultOf } from './instance.ts';

/** What an action that succeeded has touched, by its input and by its answer. */
async function touchedBy(caller: Caller, name: string, input: JsonObject) {
  const operation = caller.operation(`servicenow.${name}`);
  const answer = resultOf(await caller.run(operation.name, input));
  const parsed = operation.input.parse(input);
  const refs: readonly ResourceRef[] = [...operation.resources(parsed), ...(operation.touched?.(answer, parsed) ?? [])];
  return { answer, keys: refs.map(resourceKey) };
}

const newest = { where: [] };
const short_description = 'A laptop, please';

interface Creation {
  readonly create: string;
  readonly input: JsonObject;
  readonly reads: readonly { readonly name: string; readonly input: (sysId: string) => JsonObject }[];
}

const byId = (sys_id: string) => ({ sys_id });
const recordGet = (table: string, fields: readonly string[] = ['sys_created_on']) => ({
  name: 'record.get',
  input: (sys_id: string) => ({ table, sys_id, fields: [...fields] }),
});

const CREATIONS: readonly Creation[] = [
  {
    create: 'incident.create',
    input: { short_description },
    reads: [
      { name: 'incident.get', input: byId },
      { name: 'incident.search', input: () => newest },
      recordGet('incident'),
    ],
  },
  { create: 'problem.create', input: { short_description }, reads: [{ name: 'problem.get', input: byId }] },
  { create: 'change.create', input: { short_description }, reads: [{ name: 'change.get', input: byId }] },
  { create: 'change.create-emergency', input: { short_description }, reads: [{ name: 'change.get', input: byId }] },
  {
    create: 'record.create',
    input: { table: 'incident', fields: { short_description } },
    reads: [
      { name: 'incident.get', input: byId },
      { name: 'incident.search', input: () => newest },
    ],
  },
  {
    create: 'record.create',
    input: { table: 'sys_user_grmember', fields: { group: ids.hr, user: ids.dina } },
    reads: [recordGet('sys_user_grmember', ['user'])],
  },
  {
    create: 'group.add-member',
    input: { group: ids.hr, user: ids.dina },
    reads: [recordGet('sys_user_grmember', ['user'])],
  },
  { create: 'role.grant', input: { user: ids.dina, role: 'itil' }, reads: [recordGet('sys_user_has_role', ['user'])] },
];

describe('what one agent created', () => {
  const PAIRS = CREATIONS.flatMap(({ create, input, reads }) =>
    reads.map((read) => [`${create} in ${input['table'] ?? 'its table'}`, read.name, { create, input, read }] as const),
  );

  test.each(PAIRS)('%s is met by another with %s', async (_create, _read, { create, input, read }) => {
    const instance = await openInstance();
    const created = await touchedBy(instance, create, input);
    const sysId = String(created.answer['sys_id']);
    const { keys } = await touchedBy(instance, read.name, read.input(sysId));
    expect(keys.filter((key) => created.keys.includes(key) && key.includes(sysId))).not.toEqual([]);
  });

  test.each(PAIRS)('%s is not met with %s where that finds something else', async (_create, _read, pair) => {
    const { create, input, read } = pair;
    const instance = await openInstance();
    const { answer, keys } = await touchedBy(instance, create, input);
    const other = read.name.endsWith('search')
      ? { where: [{ field: 'short_description', operator: 'equals', values: ['nothing is called so'] }] }
      : read.input('0'.repeat(32));
    const { resources, input: schema } = instance.operation(`servicenow.${read.name}`);
    const named = resources(schema.parse(other)).map(resourceKey);
    const record = keys.filter((key) => key.includes(String(answer['sys_id'])));
    expect(named.filter((key: string) => record.includes(key))).toEqual([]);
  });
});

test('what an update through a table that another extends wrote is met by that one, and the other way round', async () => {
  const instance = await openInstance();
  const { touched } = instance.operation('servicenow.record.update');
  const keysOf = (refs: readonly ResourceRef[] = []) => refs.map(resourceKey);
  const asTask = keysOf(touched?.({ sys_id: ids.incident }, { table: 'task', sys_id: ids.incident, fields: {} }));
  const { keys: read } = await touchedBy(instance, 'incident.get', { sys_id: ids.incident });
  expect(read.filter((key) => asTask.includes(key))).not.toEqual([]);
  const other = keysOf(touched?.({ sys_id: ids.problem }, { table: 'task', sys_id: ids.problem, fields: {} }));
  expect(read.filter((key) => other.includes(key))).toEqual([]);
});

test('an order can be read again by the request that it became', async () => {
  const instance = await openInstance();
  const { keys, answer } = await touchedBy(instance, 'catalog.order', { item: ids.laptop, quantity: 1 });
  expect(keys).toContain(resourceKey({ type: 'ServiceNow::TableRecord', id: `sc_request/${answer['request_id']}` }));
});

test.each(['incident.search', 'user.search'])('the longest answer of %s is within the bound', async (name) => {
  const { operation } = await openInstance();
  const { input, touched } = operation(`servicenow.${name}`);
  expect(input.safeParse({ where: [], limit: 500 }).success).toBe(true);
  expect(input.safeParse({ where: [], limit: 501 }).success).toBe(false);
  const records = Array.from({ length: 500 }, (_, i) => ({ sys_id: seedId('incident', String(i)) }));
  expect(new Set(touched?.({ records }, {}).map(resourceKey)).size).toBe(500);
  expect(touched?.({ records }, {}).length).toBeLessThanOrEqual(BOUNDS.touchedResources);
});
