import { z } from 'zod';
import type { Effect } from '../../../src/action/effect.ts';
import type { ResourceRef } from '../../../src/action/resource.ts';
import { type AnyOperation, writeOperation } from '../../../src/connector/contract.ts';
import { doc, NO_KEY, spec } from '../evidence.ts';
import { objectName, recordId } from '../fields.ts';
import { jsforceExecution } from '../jsforce-execution.ts';
import type { OperationsFor } from '../operations-for.ts';
import { equalTo, findRows, undetermined } from '../read-back.ts';
import { recordRef } from '../resources.ts';

const comments = z.string().max(4_000).default('');
const results = z.tuple([z.looseObject({ success: z.literal(true) })]);
const output = z.object({ instanceId: z.string().optional(), instanceStatus: z.string().optional() });
const EVIDENCE = [
  doc('REST guide, Process Approvals: POST /process/approvals {requests[{actionType, contextId, comments}]}'),
  spec('process(ProcessSubmitRequest, ProcessWorkitemRequest): ProcessResult'),
];

const read = (answer: unknown) => results.parse(answer)[0];

const submitInput = z.strictObject({
  object: objectName,
  id: recordId,
  comments,
  /** Enters the process although the record does not meet its criteria. */
  skipEntryCriteria: z.boolean().default(false),
});
type Submit = z.output<typeof submitInput>;

function submitOperation({ org }: OperationsFor): AnyOperation {
  return writeOperation({
    name: 'salesforce.approval.submit',
    description: 'Submits a record for approval: it is locked and its approvers are asked.',
    input: submitInput,
    output,
    resourceTypes: ['Salesforce::SalesforceRecord', 'Salesforce::User'],
    resources: ({ object, id }): [ResourceRef] => [recordRef(object, id)],
    provenance: { arguments: { id: 'target', comments: 'content', skipEntryCriteria: 'flag' } },
    effectKinds: ['create', 'privilege'],
    effect: ({ skipEntryCriteria }): Effect => ({
      kind: skipEntryCriteria ? 'privilege' : 'create',
      reversible: 'no',
      external: false,
      privileged: skipEntryCriteria,
      count: 1,
    }),
    repeat: NO_KEY,
    execute: jsforceExecution<Submit>(org, {
      run: async (connection, { object, id, comments, skipEntryCriteria }) => {
        // The call names the id only: that it is of the object that was judged is asked first.
        await connection.sobject(object).retrieve(id, { fields: ['Id'] });
        const request = { actionType: 'Submit', contextId: id, comments };
        return connection.requestPost('/process/approvals', {
          requests: [{ ...request, ...(skipEntryCriteria && { skipEntryCriteria: 'true' }) }],
        });
      },
      result: read,
    }),
    probe: async ({ id }, context) => {
      const where = [equalTo('TargetObjectId', id), equalTo('Status', 'Pending')];
      const found = await findRows(org, context, { object: 'ProcessInstance', where });
      if (found.kind !== 'found') return undetermined(found);
      const instanceId = found.value[0]?.['Id'];
      if (instanceId === undefined)
        return { status: 'undetermined', detail: 'No approval is pending; one that was may have ended.' };
      return { status: 'applied', result: { instanceId: String(instanceId), instanceStatus: 'Pending' } };
    },
    undo: { none: 'Only an approver or the submitter in the user interface can recall it.' },
    evidence: EVIDENCE,
  });
}

const answerInput = z.strictObject({ workitemId: recordId, comments });
type Answer = z.output<typeof answerInput>;

/** The checker's half of maker and checker. */
function answerOperation({ org }: OperationsFor, action: 'Approve' | 'Reject'): AnyOperation {
  return writeOperation({
    name: `salesforce.approval.${action === 'Approve' ? 'approve' : 'reject'}`,
    description: `${action}s a step of an approval process in place of the person who was asked.`,
    input: answerInput,
    output,
    resourceTypes: ['Salesforce::SalesforceRecord'],
    resources: ({ workitemId }): [ResourceRef] => [recordRef('ProcessInstanceWorkitem', workitemId)],
    provenance: { arguments: { workitemId: 'target', comments: 'content' } },
    effectKinds: ['privilege'],
    effect: () => ({ kind: 'privilege', reversible: 'no', external: false, privileged: true, count: 1 }),
    repeat: NO_KEY,
    execute: jsforceExecution<Answer>(org, {
      run: (connection, { workitemId, comments }) =>
        connection.requestPost('/process/approvals', {
          requests: [{ actionType: action, contextId: workitemId, comments }],
        }),
      result: read,
    }),
    probe: async ({ workitemId }, context) => {
      const query = { object: 'ProcessInstanceWorkitem', where: [equalTo('Id', workitemId)] };
      const found = await findRows(org, context, query);
      if (found.kind !== 'found') return undetermined(found);
      if (found.value.length > 0) return { status: 'not-applied' };
      return { status: 'undetermined', detail: 'The step was answered, and nothing on it says by whom.' };
    },
    undo: { none: 'An answered step stays answered.' },
    evidence: EVIDENCE,
  });
}

export function approvalOperations(environment: OperationsFor): readonly AnyOperation[] {
  return [
    submitOperation(environment),
    answerOperation(environment, 'Approve'),
    answerOperation(environment, 'Reject'),
  ];
}
