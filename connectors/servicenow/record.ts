import { z } from 'zod';
import { readOperation, writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { EVIDENCE } from './evidence.ts';
import { labelsOfTable } from './labels.ts';
import { createdTicket, holdsFields, isDeleted } from './read-back.ts';
import { ANY_TABLE_TYPES, createdRefs, recordRef, recordRefs } from './resources.ts';
import { getCall, recordOf } from './table-call.ts';
import { type Fields, isCustomerVisible, recordEffect, tableClassOf, type Verb } from './table-effect.ts';
import { type Columns, columnName, sysId, tableName } from './table-record.ts';
import {
  createRecord,
  createTicket,
  deleteRecord,
  type RecordWrite,
  undoCreate,
  undoUpdate,
  updatedSchema,
  updateRecord,
  writtenSchema,
} from './table-write.ts';
import { text, textLength } from './ticket.ts';

const MOST_FIELDS = 50;

/** Columns that ServiceNow or this connector sets; and secrets, which nothing here may read. */
const OWN_COLUMNS: ReadonlySet<string> = new Set(['sys_id', 'correlation_id']);
const SECRET_COLUMN = /passw|secret|token|private_key|credential/;

const fields = z
  .record(columnName, text)
  .refine(
    (record) => Object.keys(record).length >= 1 && Object.keys(record).length <= MOST_FIELDS,
    `one to ${MOST_FIELDS} fields`,
  )
  .refine(
    (record) => !Object.keys(record).some((column) => OWN_COLUMNS.has(column)),
    'sys_id and correlation_id are not given',
  );

const readable = columnName.refine((column) => !SECRET_COLUMN.test(column), 'a column that holds a secret is not read');

const facetSchema = z.object({
  /** `ticket`, `security`, or `unknown`, which counts as the worst. */
  table_class: z.string(),
  field_names: z.array(z.string()),
  customer_visible: z.boolean(),
  text_length: z.int(),
});

interface Written {
  readonly table: string;
  readonly fields?: Fields | undefined;
}

function facets(verb: Verb) {
  return {
    schema: facetSchema,
    of: ({ table, fields: written = {} }: Written) => ({
      table_class: tableClassOf(table),
      field_names: Object.keys(written),
      customer_visible: isCustomerVisible(verb, table, written),
      text_length: textLength(written),
    }),
  };
}

const namedColumns = (names: readonly string[]): Columns =>
  Object.fromEntries(names.map((name) => [name, 'text'] as const));

const get = readOperation({
  name: 'servicenow.record.get',
  description:
    'Reads the named columns of one record of any table. What a table unknown to the connector holds counts as confidential.',
  input: z.strictObject({ table: tableName, sys_id: sysId, fields: z.array(readable).min(1).max(MOST_FIELDS) }),
  output: z.object({ sys_id: z.string(), fields: z.record(z.string(), z.string()) }),
  facets: { schema: z.object({ table_class: z.string() }), of: ({ table }) => ({ table_class: tableClassOf(table) }) },
  resourceTypes: ANY_TABLE_TYPES,
  resources: ({ table, sys_id }) => [recordRef(table, sys_id)],
  labels: ({ table }) => labelsOfTable(table),
  touched: (_, { table, sys_id }) => recordRefs(table, sys_id),
  execute: httpExecution({
    request: (input) => getCall(input.table, input.sys_id, namedColumns(input.fields)),
    repeatable: true,
    result: (reply, input) => {
      const { sys_id, ...named }: JsonObject = recordOf(namedColumns(input.fields))(reply);
      return { sys_id, fields: named };
    },
  }),
  evidence: [EVIDENCE.tableApi],
});

interface RecordInput {
  readonly table: string;
  readonly fields: Fields;
}

const whole: RecordWrite<RecordInput> = { table: ({ table }) => table, fields: (input) => input.fields };
const ticketCreate = createTicket(whole);
const recordCreate = createRecord(whole);

const create = writeOperation({
  name: 'servicenow.record.create',
  description:
    'Creates a record in any table. What it does depends on the table: a ticket, a granted role, or code that runs.',
  input: z.strictObject({ table: tableName, fields }),
  output: writtenSchema,
  facets: facets('create'),
  resourceTypes: ANY_TABLE_TYPES,
  resources: ({ table, fields: written }) => createdRefs(table, written),
  effect: (input) => recordEffect('create', input.table, input.fields),
  effectKinds: ['create', 'communicate', 'privilege', 'execute'],
  repeat: { class: 'at-most-once', evidence: EVIDENCE.tableSpec },
  touched: ({ sys_id }, { table }) => recordRefs(table, sys_id),
  execute: (input, context) => (tableClassOf(input.table) === 'ticket' ? ticketCreate : recordCreate)(input, context),
  probe: async (input, context) =>
    tableClassOf(input.table) === 'ticket'
      ? createdTicket<RecordInput>(({ table }) => table)(input, context)
      : { status: 'undetermined', detail: 'The table has no column for the mark of an action.' },
  undo: undoCreate(whole),
  evidence: [EVIDENCE.tableSpec],
});

const update = writeOperation({
  name: 'servicenow.record.update',
  description: 'Changes columns of a record of any table. What it does depends on the table and on the columns.',
  input: z.strictObject({ table: tableName, sys_id: sysId, fields }),
  output: updatedSchema,
  facets: facets('update'),
  resourceTypes: ANY_TABLE_TYPES,
  resources: ({ table, sys_id }) => [recordRef(table, sys_id)],
  effect: (input) => recordEffect('update', input.table, input.fields),
  effectKinds: ['update', 'communicate', 'privilege', 'execute'],
  repeat: { class: 'at-most-once', evidence: EVIDENCE.tableSpec },
  touched: ({ sys_id }, { table }) => recordRefs(table, sys_id),
  execute: updateRecord<RecordInput & { readonly sys_id: string }>(whole),
  probe: (input, context) => holdsFields({ table: input.table, sysId: input.sys_id, fields: input.fields }, context),
  undo: undoUpdate(whole),
  evidence: [EVIDENCE.tableApi],
});

const remove = writeOperation({
  name: 'servicenow.record.delete',
  description:
    'Deletes a record of any table for good, with whatever the instance’s cascade rules delete along with it.',
  input: z.strictObject({ table: tableName, sys_id: sysId }),
  output: z.object({ sys_id: z.string() }),
  facets: facets('delete'),
  resourceTypes: ANY_TABLE_TYPES,
  resources: ({ table, sys_id }) => [recordRef(table, sys_id)],
  effect: ({ table }) => recordEffect('delete', table, {}),
  effectKinds: ['delete', 'privilege', 'execute'],
  repeat: { class: 'at-most-once', evidence: EVIDENCE.tableApi },
  execute: deleteRecord(({ table }) => table),
  probe: ({ table, sys_id }, context) => isDeleted(table, sys_id, context),
  undo: { none: 'ServiceNow’s table API cannot restore a deleted record.' },
  evidence: [EVIDENCE.tableApi],
});

export const recordOperations = [get, create, update, remove];
