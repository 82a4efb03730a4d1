import { z } from 'zod';
import { type Effect, WORST_EFFECT } from '../../../src/action/effect.ts';
import type { ResourceRef } from '../../../src/action/resource.ts';
import { type AnyOperation, writeOperation } from '../../../src/connector/contract.ts';
import { InterlockError } from '../../../src/lib/errors.ts';
import { mem, NO_KEY, sdk, spec } from '../evidence.ts';
import { objectName, recordId } from '../fields.ts';
import { jsforceExecution } from '../jsforce-execution.ts';
import { classOf } from '../object-effect.ts';
import type { OperationsFor } from '../operations-for.ts';
import { equalTo, findRows, probeGone, readRecord, undetermined } from '../read-back.ts';
import { recordRef } from '../resources.ts';
import { soqlOf } from '../soql.ts';

const idOutput = z.object({ id: z.string() });
const IRREVERSIBLE: Effect = { kind: 'delete', reversible: 'no', external: false, privileged: false, count: 1 };

const counted = z.object({ totalSize: z.int() });
const oneRecord = z.strictObject({ object: objectName, id: recordId });
type OneRecord = z.output<typeof oneRecord>;

function undeleteOperation({ org, dataObjects }: OperationsFor): AnyOperation {
  return writeOperation({
    name: 'salesforce.record.undelete',
    description: 'Restores a record from the recycle bin.',
    input: oneRecord,
    output: idOutput,
    resourceTypes: ['Salesforce::SalesforceRecord', 'Salesforce::User'],
    resources: ({ object, id }): [ResourceRef] => [recordRef(object, id)],
    provenance: { arguments: { id: 'target' } },
    effectKinds: ['create', 'execute'],
    effect: ({ object }) =>
      classOf(object, dataObjects) === 'data'
        ? { kind: 'create', reversible: 'operation', external: false, privileged: false, count: 1 }
        : WORST_EFFECT,
    repeat: NO_KEY,
    execute: jsforceExecution<OneRecord>(org, {
      run: async (connection, { object, id }) => {
        // The call names the id only: whether it is of the object that was judged is asked first.
        const where = [equalTo('Id', id), { field: 'IsDeleted', operator: 'equals' as const, values: [true] }];
        const soql = soqlOf({ object, fields: ['Id'], where, limit: 1 });
        const { totalSize } = counted.parse(await connection.request(`/queryAll?q=${encodeURIComponent(soql)}`));
        if (totalSize !== 1)
          throw new InterlockError('EXECUTION_FAILED', `There is no deleted record of ${object} with this id.`);
        return connection.soap.undelete([id]);
      },
      result: (_answer, { id }) => ({ id }),
    }),
    probe: async ({ object, id }, context) => {
      const found = await readRecord(org, context, { object, id, fields: ['Id'] });
      if (found.kind === 'found') return { status: 'applied', result: { id } };
      return found.kind === 'missing' ? { status: 'not-applied' } : undetermined(found);
    },
    undo: ({ object, id }) => ({ operation: 'salesforce.record.delete', input: { object, id } }),
    evidence: [sdk('soap.undelete'), spec('undelete(ids): UndeleteResult')],
  });
}

const MOST_EMPTIED = 200;
const emptyInput = z.strictObject({ ids: z.array(recordId).min(1).max(MOST_EMPTIED) });
const emptied = z.array(z.object({ id: z.string().nullish(), success: z.boolean() }));

function emptyOperation({ org }: OperationsFor): AnyOperation {
  return writeOperation({
    name: 'salesforce.recycle-bin.empty',
    description: 'Removes deleted records from the recycle bin: from then on nobody can restore them.',
    input: emptyInput,
    output: z.object({ removed: z.array(z.string()), kept: z.int() }),
    resourceTypes: ['Salesforce::SalesforceRecord'],
    resources: ({ ids: [first = '', ...others] }) => [
      { type: 'Salesforce::SalesforceRecord', id: first },
      ...others.map((id): ResourceRef => ({ type: 'Salesforce::SalesforceRecord', id })),
    ],
    provenance: { arguments: { ids: 'target' } },
    effectKinds: ['delete'],
    effect: ({ ids }) => ({ ...IRREVERSIBLE, count: ids.length }),
    repeat: NO_KEY,
    execute: jsforceExecution<z.output<typeof emptyInput>>(org, {
      run: (connection, { ids }) => connection.soap.emptyRecycleBin(ids),
      result: (answer) => {
        const results = emptied.parse(answer);
        const removed = results.filter(({ success }) => success);
        return { removed: removed.flatMap(({ id }) => id ?? []), kept: results.length - removed.length };
      },
    }),
    undo: { none: 'What has left the recycle bin cannot be restored.' },
    evidence: [sdk('soap.emptyRecycleBin'), spec('emptyRecycleBin(ids): EmptyRecycleBinResult')],
  });
}

const mergeInput = z.strictObject({
  object: z.enum(['Account', 'Contact', 'Lead', 'Case']),
  /** The one that stays. */
  masterId: recordId,
  /** The ones that are merged into it and deleted; Salesforce takes one or two. */
  mergedIds: z.array(recordId).min(1).max(2),
});
type Merge = z.output<typeof mergeInput>;

function mergeOperation({ org }: OperationsFor): AnyOperation {
  return writeOperation({
    name: 'salesforce.record.merge',
    description:
      'Merges up to two records into a third: they are deleted, and all that hung on them moves. No way back.',
    input: mergeInput,
    output: idOutput,
    resourceTypes: ['Salesforce::SalesforceRecord'],
    resources: ({ object, masterId, mergedIds }) => [
      recordRef(object, masterId),
      ...mergedIds.map((id) => recordRef(object, id)),
    ],
    provenance: { arguments: { masterId: 'target', mergedIds: 'target' } },
    effectKinds: ['delete'],
    effect: ({ mergedIds }) => ({ ...IRREVERSIBLE, count: mergedIds.length + 1 }),
    repeat: NO_KEY,
    execute: jsforceExecution<Merge>(org, {
      run: (connection, { object, masterId, mergedIds }) =>
        connection.soap.merge([
          // jsforce's type wants fields that the WSDL does not require.
          { masterRecord: { type: object, Id: masterId }, recordToMergeIds: mergedIds } as never,
        ]),
      result: (_answer, { masterId }) => ({ id: masterId }),
    }),
    probe: async ({ object, masterId, mergedIds: [first = ''] }, context) => {
      const gone = await probeGone(org, context, { object, id: first, fields: ['Id'] });
      return gone.status === 'applied' ? { status: 'applied', result: { id: masterId } } : gone;
    },
    undo: { none: 'Related records have moved, and nothing says which they were.' },
    evidence: [
      sdk('soap.merge'),
      spec('merge(MergeRequest{masterRecord, recordToMergeIds}): MergeResult'),
      mem('merge takes Account, Contact, Lead and Case, and at most two records to merge'),
    ],
  });
}

const convertInput = z.strictObject({
  leadId: recordId,
  /** A converted status of this org, as `Closed - Converted`. */
  convertedStatus: z.string().min(1).max(40),
  accountId: recordId.optional(),
  contactId: recordId.optional(),
  opportunity: z.boolean().default(true),
});
type Convert = z.output<typeof convertInput>;
const converted = z.object({
  leadId: z.string().nullish(),
  accountId: z.string().nullish(),
  contactId: z.string().nullish(),
  opportunityId: z.string().nullish(),
});
const NEW_RECORDS = ['ConvertedAccountId', 'ConvertedContactId', 'ConvertedOpportunityId'] as const;

function convertOperation({ org }: OperationsFor): AnyOperation {
  return writeOperation({
    name: 'salesforce.lead.convert',
    description: 'Turns a lead into an account, a contact and an opportunity. A converted lead stays converted.',
    input: convertInput,
    output: converted,
    resourceTypes: ['Salesforce::SalesforceRecord'],
    resources: ({ leadId, accountId, contactId }) => [
      recordRef('Lead', leadId),
      ...(accountId === undefined ? [] : [recordRef('Account', accountId)]),
      ...(contactId === undefined ? [] : [recordRef('Contact', contactId)]),
    ],
    touched: ({ accountId, contactId, opportunityId }) => [
      ...(accountId ? [recordRef('Account', accountId)] : []),
      ...(contactId ? [recordRef('Contact', contactId)] : []),
      ...(opportunityId ? [recordRef('Opportunity', opportunityId)] : []),
    ],
    provenance: { arguments: { leadId: 'target', accountId: 'target', contactId: 'target' } },
    effectKinds: ['update'],
    effect: ({ opportunity }) => ({ ...IRREVERSIBLE, kind: 'update', count: opportunity ? 4 : 3 }),
    repeat: NO_KEY,
    execute: jsforceExecution<Convert>(org, {
      run: (connection, { leadId, convertedStatus, accountId, contactId, opportunity }) =>
        connection.soap.convertLead({
          // In the order of the WSDL's sequence.
          ...(accountId !== undefined && { accountId }),
          ...(contactId !== undefined && { contactId }),
          convertedStatus,
          doNotCreateOpportunity: !opportunity,
          leadId,
          overwriteLeadSource: false,
          sendNotificationEmail: false,
        }),
    }),
    probe: async ({ leadId }, context) => {
      const fields = ['IsConverted', ...NEW_RECORDS];
      const found = await findRows(org, context, { object: 'Lead', fields, where: [equalTo('Id', leadId)] });
      const [lead] = found.kind === 'found' ? found.value : [];
      if (lead === undefined) return undetermined(found);
      if (lead['IsConverted'] !== true) return { status: 'not-applied' };
      const [accountId, contactId, opportunityId] = NEW_RECORDS.map((name) => lead[name] ?? null);
      return { status: 'applied', result: { leadId, accountId, contactId, opportunityId } };
    },
    undo: { none: 'A converted lead cannot be opened again.' },
    evidence: [sdk('soap.convertLead'), spec('convertLead(LeadConvert): LeadConvertResult')],
  });
}

export function recordSoapOperations(environment: OperationsFor): readonly AnyOperation[] {
  return [
    undeleteOperation(environment),
    emptyOperation(environment),
    mergeOperation(environment),
    convertOperation(environment),
  ];
}
