import { z } from 'zod';
import { writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { EVIDENCE } from './evidence.ts';
import { foundRow } from './read-back.ts';
import { recordRef } from './resources.ts';
import { patchCall, recordOf } from './table-call.ts';
import { recordEffect } from './table-effect.ts';
import { type Columns, sysId } from './table-record.ts';
import { confirmed } from './table-write.ts';
import { fieldsOf, text } from './ticket.ts';

const TABLE = 'sysapproval_approver';
const COLUMNS: Columns = { state: 'text' };

const answer = writeOperation({
  name: 'servicenow.approval.answer',
  description: 'Answers an approval in the name of the person who was asked.',
  input: z.strictObject({ sys_id: sysId, state: z.enum(['approved', 'rejected']), comments: text.min(1).optional() }),
  output: z.object({ sys_id: z.string(), state: z.string().optional() }),
  resourceTypes: ['ServiceNow::Approval'],
  resources: ({ sys_id }) => [recordRef(TABLE, sys_id)],
  effect: ({ state }) => recordEffect('update', TABLE, { state }),
  effectKinds: ['privilege'],
  repeat: { class: 'at-most-once', evidence: EVIDENCE.approvalRecord },
  execute: confirmed(
    httpExecution({
      request: ({ sys_id, ...fields }, { actionId }) =>
        patchCall({ table: TABLE, sysId: sys_id, fields: fieldsOf(fields), answer: COLUMNS, actionId }),
      repeatable: false,
      result: (reply, { state }) => ({ ...recordOf(COLUMNS)(reply), wanted: state }),
    }),
    ({ state, wanted }) => state === wanted,
  ),
  probe: async ({ sys_id, state }, context) => {
    const found = await foundRow({ table: TABLE, where: { sys_id }, columns: COLUMNS }, context);
    if (found.status !== 'applied') return { status: 'undetermined', detail: 'The approval cannot be read.' };
    if (found.result['state'] === state) return found;
    return found.result['state'] === 'requested'
      ? { status: 'not-applied' }
      : { status: 'undetermined', detail: 'Somebody answered otherwise.' };
  },
  undo: { none: 'An approval is answered once: what waited for it has moved on.' },
  evidence: [EVIDENCE.approvalRecord, EVIDENCE.tableApi],
});

export const approvalOperations = [answer];
