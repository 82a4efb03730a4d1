import { z } from 'zod';
import { readOperation, writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { EVIDENCE } from './evidence.ts';
import { labelsOfTable, labelsOfTicket } from './labels.ts';
import { createdTicket } from './read-back.ts';
import { createdIn, recordRef } from './resources.ts';
import { getCall, recordOf } from './table-call.ts';
import { recordEffect } from './table-effect.ts';
import { recordSchema, sysId } from './table-record.ts';
import { createTicket, type RecordWrite, undoCreate, writtenSchema } from './table-write.ts';
import { fieldsOf, TICKET_COLUMNS, ticketFacets, ticketFields, title } from './ticket.ts';

const TABLE = 'problem';

const creation: RecordWrite<object> = { table: () => TABLE, fields: (input) => fieldsOf(input) };

const get = readOperation({
  name: 'servicenow.problem.get',
  description: 'Reads one problem with its comments and work notes.',
  input: z.strictObject({ sys_id: sysId }),
  output: recordSchema(TICKET_COLUMNS),
  resourceTypes: ['ServiceNow::Problem'],
  resources: ({ sys_id }) => [recordRef(TABLE, sys_id)],
  labels: () => labelsOfTable(TABLE),
  resultLabels: labelsOfTicket,
  execute: httpExecution({
    request: ({ sys_id }) => getCall(TABLE, sys_id, TICKET_COLUMNS),
    repeatable: true,
    result: recordOf(TICKET_COLUMNS),
  }),
  evidence: [EVIDENCE.tableApi],
});

const create = writeOperation({
  name: 'servicenow.problem.create',
  description: 'Opens a problem.',
  input: z.strictObject({ short_description: title, ...ticketFields }),
  output: writtenSchema,
  facets: ticketFacets('create', TABLE, creation.fields),
  resourceTypes: ['ServiceNow::Problem'],
  resources: () => [recordRef(TABLE)],
  effect: (input) => recordEffect('create', TABLE, creation.fields(input)),
  effectKinds: ['create', 'communicate'],
  repeat: { class: 'at-most-once', evidence: EVIDENCE.tableSpec },
  touched: createdIn(TABLE),
  execute: createTicket(creation),
  probe: createdTicket(creation.table),
  undo: undoCreate(creation),
  evidence: [EVIDENCE.tableSpec],
});

export const problemOperations = [get, create];
