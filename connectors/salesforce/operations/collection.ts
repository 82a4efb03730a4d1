import { z } from 'zod';
import type { Effect } from '../../../src/action/effect.ts';
import type { ResourceRef } from '../../../src/action/resource.ts';
import { type AnyOperation, type ProbeResult, writeOperation } from '../../../src/connector/contract.ts';
import { InterlockError } from '../../../src/lib/errors.ts';
import { doc, NO_KEY, sdk } from '../evidence.ts';
import { type Fields, objectName, recordId, writtenFields } from '../fields.ts';
import { ask, jsforceExecution } from '../jsforce-execution.ts';
import { writesNoMark } from '../marker.ts';
import { effectKindsOf, objectEffect, objectFacets, type Verb } from '../object-effect.ts';
import type { OperationsFor } from '../operations-for.ts';
import { undetermined } from '../read-back.ts';
import { objectRef, recordRef } from '../resources.ts';
import { soqlOf } from '../soql.ts';

/** [doc] One call carries up to 200 records. */
const MOST_RECORDS = 200;
const saved = z.array(z.object({ id: z.string(), success: z.literal(true) }));
const output = z.object({ ids: z.array(z.string()) });

const createInput = z.strictObject({
  object: objectName,
  records: z.array(writtenFields).min(1).max(MOST_RECORDS),
});
const updateInput = z.strictObject({
  object: objectName,
  records: z
    .array(z.strictObject({ id: recordId, fields: writtenFields }))
    .min(1)
    .max(MOST_RECORDS),
});
const deleteInput = z.strictObject({ object: objectName, ids: z.array(recordId).min(1).max(MOST_RECORDS) });
type Delete = z.output<typeof deleteInput>;

/** All fields of all records together say what is done; the number of records says how often. */
function effectOf(verb: Verb, { object, fields, count }: Written, { dataObjects }: OperationsFor): Effect {
  return { ...objectEffect(verb, { object, fields: Object.assign({}, ...fields) }, dataObjects), count };
}

interface Written {
  readonly object: string;
  readonly fields: readonly Fields[];
  readonly count: number;
}

function createOperation(environment: OperationsFor): AnyOperation {
  const { org, dataObjects } = environment;
  return writeOperation({
    name: 'salesforce.collection.create',
    description: 'Creates up to 200 records of one object, all or none.',
    input: createInput.superRefine(writesNoMark(environment, ({ records }) => records.flatMap(Object.keys))),
    output,
    facets: objectFacets(dataObjects),
    resourceTypes: ['Salesforce::SObject'],
    resources: ({ object }): [ResourceRef] => [objectRef(object)],
    touched: ({ ids }, { object }) => ids.map((id) => recordRef(object, id)),
    provenance: { arguments: { records: 'content' } },
    effectKinds: effectKindsOf('create'),
    effect: ({ object, records }) =>
      effectOf('create', { object, fields: records, count: records.length }, environment),
    repeat: NO_KEY,
    execute: jsforceExecution<z.output<typeof createInput>>(org, {
      run: (connection, { object, records }) => connection.sobject(object).create(records, { allOrNone: true }),
      result: (answer) => ({ ids: saved.parse(answer).map(({ id }) => id) }),
    }),
    undo: ({ object }, result) => {
      const made = output.safeParse(result);
      if (!made.success) return undefined;
      return { operation: 'salesforce.collection.delete', input: { object, ids: made.data.ids } };
    },
    evidence: [sdk('sobject().create([...]): POST /composite/sobjects'), doc('REST guide, sObject Collections: 200')],
  });
}

function updateOperation(environment: OperationsFor): AnyOperation {
  const { org, dataObjects } = environment;
  return writeOperation({
    name: 'salesforce.collection.update',
    description: 'Changes up to 200 records of one object, all or none. What stood there before is not kept.',
    input: updateInput.superRefine(
      writesNoMark(environment, ({ records }) => records.flatMap(({ fields }) => Object.keys(fields))),
    ),
    output,
    facets: objectFacets(dataObjects),
    resourceTypes: ['Salesforce::SObject', 'Salesforce::SalesforceRecord', 'Salesforce::User'],
    resources: ({ object, records }) => [objectRef(object), ...records.map(({ id }) => recordRef(object, id))],
    provenance: { arguments: { 'records[*].id': 'target', 'records[*].fields': 'content' } },
    effectKinds: effectKindsOf('update'),
    effect: ({ object, records }) => ({
      ...effectOf(
        'update',
        { object, fields: records.map(({ fields }) => fields), count: records.length },
        environment,
      ),
      reversible: 'no',
    }),
    repeat: NO_KEY,
    execute: jsforceExecution<z.output<typeof updateInput>>(org, {
      run: (connection, { object, records }) =>
        connection.sobject(object).update(
          records.map(({ id, fields }) => ({ Id: id, ...fields })),
          { allOrNone: true },
        ),
      result: (answer) => ({ ids: saved.parse(answer).map(({ id }) => id) }),
    }),
    undo: { none: 'What the records held before is not read; change them one by one where that matters.' },
    evidence: [sdk('sobject().update([...]): PATCH /composite/sobjects'), doc('REST guide, sObject Collections: 200')],
  });
}

const counted = z.object({ totalSize: z.int() });

/** Counts those of the records that are of this object. */
function countQuery({ object, ids }: Delete): string {
  const where = [{ field: 'Id', operator: 'in' as const, values: [...ids] }];
  return `/query?q=${encodeURIComponent(soqlOf({ object, fields: ['Id'], where, limit: MOST_RECORDS }))}`;
}

/** All or none is deleted, so their number settles it. */
async function probeDelete(
  { org }: OperationsFor,
  { object, ids: wanted }: Delete,
  context: Context,
): Promise<ProbeResult> {
  const found = await ask(org, context, {
    schema: counted,
    run: (connection) => connection.request(countQuery({ object, ids: wanted })),
  });
  if (found.kind !== 'found') return undetermined(found);
  if (found.value.totalSize === 0) return { status: 'applied', result: { ids: [...wanted] } };
  if (found.value.totalSize === new Set(wanted).size) return { status: 'not-applied' };
  return { status: 'undetermined', detail: 'Some of the records are there and others are not.' };
}

type Context = Parameters<typeof ask>[1];

function deleteOperation(environment: OperationsFor): AnyOperation {
  const { org, dataObjects } = environment;
  return writeOperation({
    name: 'salesforce.collection.delete',
    description: 'Deletes up to 200 records of one object into the recycle bin, all or none.',
    input: deleteInput,
    output,
    facets: objectFacets(dataObjects),
    resourceTypes: ['Salesforce::SObject', 'Salesforce::SalesforceRecord', 'Salesforce::User'],
    resources: ({ object, ids }) => [objectRef(object), ...ids.map((id) => recordRef(object, id))],
    provenance: { arguments: { ids: 'target' } },
    effectKinds: effectKindsOf('delete'),
    effect: ({ object, ids }) => effectOf('delete', { object, fields: [], count: ids.length }, environment),
    repeat: NO_KEY,
    execute: jsforceExecution<Delete>(org, {
      run: async (connection, input) => {
        const { object, ids } = input;
        // The call names ids only: whether they are of the object that was judged is asked first.
        const { totalSize } = counted.parse(await connection.request(countQuery(input)));
        if (totalSize !== new Set(ids).size)
          throw new InterlockError('EXECUTION_FAILED', `Not every id is that of a record of ${object}.`);
        return connection.sobject(object).destroy(ids, { allOrNone: true });
      },
      result: (_answer, { ids }) => ({ ids }),
    }),
    probe: (input, context) => probeDelete(environment, input, context),
    undo: { none: 'They are restored from the recycle bin one by one, by salesforce.record.undelete.' },
    evidence: [
      sdk('sobject().destroy([...]): DELETE /composite/sobjects?ids=&allOrNone=true'),
      doc('REST guide, sObject Collections: 200'),
    ],
  });
}

export function collectionOperations(environment: OperationsFor): readonly AnyOperation[] {
  return [createOperation(environment), updateOperation(environment), deleteOperation(environment)];
}
