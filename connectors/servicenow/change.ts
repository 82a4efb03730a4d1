import { z } from 'zod';
import type { Effect } from '../../src/action/effect.ts';
import { readOperation, writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import { correlationOf } from './correlation.ts';
import { EVIDENCE } from './evidence.ts';
import { labelsOfTable, labelsOfTicket } from './labels.ts';
import { createdTicket } from './read-back.ts';
import { createdIn, recordRef } from './resources.ts';
import { apiCall, findRows, getCall, recordOf } from './table-call.ts';
import { recordEffect } from './table-effect.ts';
import { type Columns, recordSchema, sysId } from './table-record.ts';
import { createTicket, type RecordWrite, undoCreate, writtenSchema } from './table-write.ts';
import { fieldsOf, TICKET_COLUMNS, text, ticketFacets, ticketFields, title } from './ticket.ts';

const TABLE = 'change_request';

const creation: RecordWrite<object> = { table: () => TABLE, fields: (input) => fieldsOf(input) };

const COLUMNS = {
  ...TICKET_COLUMNS,
  type: 'text',
  risk: 'text',
  justification: 'text',
  implementation_plan: 'text',
  backout_plan: 'text',
  start_date: 'text',
  end_date: 'text',
} as const;

const get = readOperation({
  name: 'servicenow.change.get',
  description: 'Reads one change request with its plans and approval state.',
  input: z.strictObject({ sys_id: sysId }),
  output: recordSchema(COLUMNS),
  resourceTypes: ['ServiceNow::Change'],
  resources: ({ sys_id }) => [recordRef(TABLE, sys_id)],
  labels: () => labelsOfTable(TABLE),
  resultLabels: labelsOfTicket,
  execute: httpExecution({
    request: ({ sys_id }) => getCall(TABLE, sys_id, COLUMNS),
    repeatable: true,
    result: recordOf(COLUMNS),
  }),
  evidence: [EVIDENCE.tableApi],
});

const changeInput = z.strictObject({ short_description: title, ...ticketFields });

const create = writeOperation({
  name: 'servicenow.change.create',
  description: 'Opens a normal change request, which then waits for its approvals.',
  input: changeInput,
  output: writtenSchema,
  facets: ticketFacets('create', TABLE, creation.fields),
  resourceTypes: ['ServiceNow::Change'],
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

const WRITTEN: Columns = { number: 'text' };

const createEmergency = writeOperation({
  name: 'servicenow.change.create-emergency',
  description: 'Opens an emergency change, which goes around the normal assessment and approval.',
  input: changeInput,
  output: writtenSchema,
  facets: ticketFacets('create', TABLE, creation.fields),
  resourceTypes: ['ServiceNow::Change'],
  resources: () => [recordRef(TABLE)],
  effect: (input) => ({ ...recordEffect('create', TABLE, creation.fields(input)), privileged: true }),
  effectKinds: ['create', 'communicate'],
  repeat: { class: 'at-most-once', evidence: EVIDENCE.changeSpec },
  touched: createdIn(TABLE),
  execute: httpExecution({
    request: (input, { actionId }) =>
      apiCall({
        method: 'POST',
        path: path`/api/sn_chg_rest/change/emergency`,
        body: { ...creation.fields(input), correlation_id: correlationOf(actionId) },
        actionId,
      }),
    repeatable: false,
    result: recordOf(WRITTEN),
  }),
  probe: createdTicket(creation.table),
  undo: undoCreate(creation),
  evidence: [EVIDENCE.changeSpec, EVIDENCE.changeApi],
});

/** The user whose credential this is answers its own approval record [doc]. */
const ANSWER: Effect = { kind: 'privilege', reversible: 'no', external: false, privileged: true, count: 1 };

const answerApproval = writeOperation({
  name: 'servicenow.change.approve',
  description:
    'Approves or rejects a change with the connector’s own approval, as a member of the approving group would.',
  input: z
    .strictObject({ sys_id: sysId, state: z.enum(['approved', 'rejected']), comments: text.min(1).optional() })
    .refine(
      ({ state, comments }) => state === 'approved' || comments !== undefined,
      'a rejection needs comments that say why',
    ),
  output: z.object({ sys_id: z.string(), state: z.string().optional(), approval: z.string().optional() }),
  resourceTypes: ['ServiceNow::Change'],
  resources: ({ sys_id }) => [recordRef(TABLE, sys_id)],
  effect: () => ANSWER,
  effectKinds: ['privilege'],
  repeat: { class: 'at-most-once', evidence: EVIDENCE.changeSpec },
  execute: httpExecution({
    request: ({ sys_id, ...answer }, { actionId }) =>
      apiCall({
        method: 'PATCH',
        path: path`/api/sn_chg_rest/change/${sys_id}/approvals`,
        body: fieldsOf(answer),
        actionId,
      }),
    repeatable: false,
    result: recordOf({ state: 'text', approval: 'text' }),
  }),
  // The reply is lost, and with it whose approval it was: only where everybody has answered so, the connector has.
  probe: async ({ sys_id, state }, context) => {
    const columns = { sysapproval: 'text', state: 'text' } as const;
    const approvals = await findRows(
      { table: 'sysapproval_approver', where: { sysapproval: sys_id }, columns },
      context,
    );
    if (!approvals.ok) return { status: 'undetermined', detail: approvals.refusal.detail };
    const isSettled = approvals.value.length > 0 && approvals.value.every((approval) => approval['state'] === state);
    if (isSettled) return { status: 'applied', result: { sys_id } };
    return {
      status: 'undetermined',
      detail: 'An approval of the change has another state, and it may be the connector’s.',
    };
  },
  undo: { none: 'An approval that was answered is not asked again, and the change has moved on.' },
  evidence: [EVIDENCE.changeSpec, EVIDENCE.changeApi],
});

export const changeOperations = [get, create, createEmergency, answerApproval];
