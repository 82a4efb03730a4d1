import type { ResourceRef, ResourceType } from '../../src/action/resource.ts';
import type { Fields } from './table-effect.ts';

/** What a table's records are for policies; every other table's are `ServiceNow::TableRecord` with the table as attribute. */
const TYPE_OF_TABLE: ReadonlyMap<string, ResourceType> = new Map<string, ResourceType>([
  ['incident', 'ServiceNow::Incident'],
  ['problem', 'ServiceNow::Problem'],
  ['change_request', 'ServiceNow::Change'],
  ['sys_user', 'ServiceNow::User'],
  ['sys_user_group', 'ServiceNow::Group'],
  ['sys_user_role', 'ServiceNow::Role'],
  ['sysapproval_approver', 'ServiceNow::Approval'],
]);

const TABLE_ATTRIBUTES = { table: 'String' } as const;

export const RESOURCE_TYPES = {
  'ServiceNow::Incident': TABLE_ATTRIBUTES,
  'ServiceNow::Problem': TABLE_ATTRIBUTES,
  'ServiceNow::Change': TABLE_ATTRIBUTES,
  'ServiceNow::User': TABLE_ATTRIBUTES,
  'ServiceNow::Group': TABLE_ATTRIBUTES,
  'ServiceNow::Role': TABLE_ATTRIBUTES,
  'ServiceNow::Approval': TABLE_ATTRIBUTES,
  'ServiceNow::CatalogItem': TABLE_ATTRIBUTES,
  'ServiceNow::TableRecord': TABLE_ATTRIBUTES,
} as const satisfies Record<ResourceType, Readonly<Record<string, 'String'>>>;

/** The types that an operation on any table can touch. */
export const ANY_TABLE_TYPES: readonly [ResourceType, ...ResourceType[]] = [
  'ServiceNow::TableRecord',
  ...TYPE_OF_TABLE.values(),
];

/**
 * The record with this id, or the table itself where there is none yet. The same record is the same resource whichever
 * operation reaches it, so that no operation is a way around a policy on another.
 */
export function recordRef(table: string, sysId?: string): ResourceRef {
  const type = TYPE_OF_TABLE.get(table);
  const attributes = { table };
  if (type !== undefined) return { type, id: sysId ?? table, attributes };
  return { type: 'ServiceNow::TableRecord', id: sysId === undefined ? table : `${table}/${sysId}`, attributes };
}

/**
 * Every name under which a record can be reached. Tables extend each other, and a record has the same sys_id in both
 * [mem: an incident is a task too]; so one of a table without a type of its own may be any record with that id.
 */
export function recordRefs(table: string, sysId: string): readonly ResourceRef[] {
  const own = recordRef(table, sysId);
  if (TYPE_OF_TABLE.has(table)) return [own];
  return [own, ...ANY_TABLE_TYPES.map((type) => ({ type, id: sysId }))];
}

interface Named {
  readonly sys_id: string;
}

/** What the answer of a creation shows: the record that is there now. */
export function createdIn(table: string): (answer: Named) => readonly ResourceRef[] {
  return ({ sys_id }) => recordRefs(table, sys_id);
}

/** What the answer of a search shows. */
export function foundIn(table: string): (answer: { readonly records: readonly Named[] }) => readonly ResourceRef[] {
  return ({ records }) => records.flatMap(({ sys_id }) => recordRefs(table, sys_id));
}

/** What a row of a link table ties together: its columns and the tables that they point to. */
const LINKED: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  ['sys_user_has_role', { user: 'sys_user', role: 'sys_user_role' }],
  ['sys_user_grmember', { group: 'sys_user_group', user: 'sys_user' }],
]);

/** What creating a record touches: where it links two things, first of all these, as the operations for links say it. */
export function createdRefs(table: string, fields: Fields): readonly [ResourceRef, ...ResourceRef[]] {
  const ends = Object.entries(LINKED.get(table) ?? {}).flatMap(([column, target]) => {
    const id = fields[column];
    return id === undefined ? [] : [recordRef(target, id)];
  });
  const [first, ...others] = ends;
  return first === undefined ? [recordRef(table)] : [first, ...others, recordRef(table)];
}
