import { z } from 'zod';
import type { Effect } from '../../../src/action/effect.ts';
import type { ResourceRef } from '../../../src/action/resource.ts';
import { type AnyOperation, writeOperation } from '../../../src/connector/contract.ts';
import { isJsonObject } from '../../../src/lib/json.ts';
import { doc, mem, NO_KEY, sdk } from '../evidence.ts';
import { recordId } from '../fields.ts';
import { jsforceExecution } from '../jsforce-execution.ts';
import type { OperationsFor } from '../operations-for.ts';
import { equalTo, fieldsOf, findRows, probeGone, undetermined } from '../read-back.ts';
import { recordRef, userRef } from '../resources.ts';

const OBJECT = 'PermissionSetAssignment';
const BOTH_ENDS = ['AssigneeId', 'PermissionSetId'] as const;
const EVIDENCE = [
  sdk('sobject().create and destroy'),
  doc('Object reference, PermissionSetAssignment: AssigneeId, PermissionSetId'),
  mem('A user has a permission set at most once, so that an assignment found is the one asked for'),
];

/** Taking it away again restores what was, and so does granting it again. */
const GRANT: Effect = { kind: 'privilege', reversible: 'operation', external: false, privileged: true, count: 1 };

const createInput = z.strictObject({ userId: recordId, permissionSetId: recordId });

function createOperation({ org }: OperationsFor): AnyOperation {
  return writeOperation({
    name: 'salesforce.permission-set-assignment.create',
    description: 'Gives a user a permission set, and with it every right in it.',
    input: createInput,
    output: z.object({ id: z.string() }),
    resourceTypes: ['Salesforce::User', 'Salesforce::PermissionSet'],
    resources: ({ userId, permissionSetId }): [ResourceRef, ResourceRef] => [
      userRef(userId),
      { type: 'Salesforce::PermissionSet', id: permissionSetId },
    ],
    touched: ({ id }) => [recordRef(OBJECT, id)],
    provenance: { arguments: { userId: 'destination', permissionSetId: 'target' } },
    effectKinds: ['privilege'],
    effect: () => GRANT,
    repeat: NO_KEY,
    execute: jsforceExecution<z.output<typeof createInput>>(org, {
      run: (connection, { userId, permissionSetId }) =>
        connection.sobject(OBJECT).create({ AssigneeId: userId, PermissionSetId: permissionSetId }),
      result: (answer) => answer,
    }),
    probe: async ({ userId, permissionSetId }, context) => {
      const where = [equalTo('AssigneeId', userId), equalTo('PermissionSetId', permissionSetId)];
      const found = await findRows(org, context, { object: OBJECT, where });
      if (found.kind !== 'found') return undetermined(found);
      const id = found.value[0]?.['Id'];
      return id === undefined ? { status: 'not-applied' } : { status: 'applied', result: { id: String(id) } };
    },
    undo: (_input, result) => {
      const id = isJsonObject(result) ? result['id'] : undefined;
      if (typeof id !== 'string') return undefined;
      return { operation: 'salesforce.permission-set-assignment.delete', input: { id } };
    },
    evidence: EVIDENCE,
  });
}

const deleteInput = z.strictObject({ id: recordId });

function deleteOperation({ org }: OperationsFor): AnyOperation {
  return writeOperation({
    name: 'salesforce.permission-set-assignment.delete',
    description: 'Takes a permission set away from the user who has it by this assignment.',
    input: deleteInput,
    output: z.object({ id: z.string(), userId: z.string().optional(), permissionSetId: z.string().optional() }),
    resourceTypes: ['Salesforce::SalesforceRecord'],
    resources: ({ id }): [ResourceRef] => [recordRef(OBJECT, id)],
    labels: () => ['security'],
    touched: ({ userId }) => (userId === undefined ? [] : [userRef(userId)]),
    provenance: { arguments: { id: 'target' } },
    effectKinds: ['privilege'],
    effect: () => GRANT,
    repeat: NO_KEY,
    execute: jsforceExecution<z.output<typeof deleteInput>>(org, {
      run: async (connection, { id }) => {
        const read = await connection.sobject(OBJECT).retrieve(id, { fields: [...BOTH_ENDS] });
        const { AssigneeId: userId, PermissionSetId: permissionSetId } = fieldsOf(read, BOTH_ENDS);
        await connection.sobject(OBJECT).destroy(id);
        return { id, userId, permissionSetId };
      },
    }),
    probe: ({ id }, context) => probeGone(org, context, { object: OBJECT, id, fields: ['Id'] }),
    undo: (_input, result) => {
      const { userId, permissionSetId } = isJsonObject(result) ? result : {};
      if (typeof userId !== 'string' || typeof permissionSetId !== 'string') return undefined;
      return { operation: 'salesforce.permission-set-assignment.create', input: { userId, permissionSetId } };
    },
    evidence: EVIDENCE,
  });
}

export function permissionSetAssignmentOperations(environment: OperationsFor): readonly AnyOperation[] {
  return [createOperation(environment), deleteOperation(environment)];
}
