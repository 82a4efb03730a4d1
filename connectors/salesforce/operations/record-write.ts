import { z } from 'zod';
import type { Effect } from '../../../src/action/effect.ts';
import type { ResourceRef } from '../../../src/action/resource.ts';
import {
  type AnyOperation,
  type Execute,
  type ExecutionContext,
  type Probe,
  writeOperation,
} from '../../../src/connector/contract.ts';
import { InterlockError } from '../../../src/lib/errors.ts';
import { isJsonObject, type Json } from '../../../src/lib/json.ts';
import { doc, NO_KEY, sdk } from '../evidence.ts';
import { fieldName, fieldValue, lowerCase, objectName, recordId, writtenFields } from '../fields.ts';
import { jsforceExecution } from '../jsforce-execution.ts';
import { markerOf, writesNoMark } from '../marker.ts';
import { effectKindsOf, labelsOf, objectEffect, objectFacets, type Verb } from '../object-effect.ts';
import type { OperationsFor } from '../operations-for.ts';
import { equalTo, fieldsOf, findRows, probeFields, probeGone, undetermined } from '../read-back.ts';
import { objectRef, recordRef } from '../resources.ts';

const former = z.record(z.string(), fieldValue).optional();

const createInput = z.strictObject({ object: objectName, fields: writtenFields });
type Create = z.output<typeof createInput>;
export const createOutput = z.object({ id: z.string() });
const saved = z.object({ id: z.string(), success: z.literal(true) });

const updateInput = z.strictObject({ object: objectName, id: recordId, fields: writtenFields });
type Update = z.output<typeof updateInput>;

const upsertInput = z.strictObject({
  object: objectName,
  externalIdField: fieldName,
  externalId: z.string().regex(/^\w[\w@.-]{0,254}$/, 'an external id is letters, digits and . _ @ -'),
  fields: writtenFields,
});
type Upsert = z.output<typeof upsertInput>;

const deleteInput = z.strictObject({ object: objectName, id: recordId });
type Delete = z.output<typeof deleteInput>;

/** What every write of any object declares alike. */
function common(verb: Verb, { dataObjects }: OperationsFor) {
  type Input = { readonly object: string; readonly fields?: Create['fields'] | undefined };
  return {
    facets: objectFacets(dataObjects),
    effectKinds: effectKindsOf(verb),
    effect: ({ object, fields = {} }: Input): Effect => objectEffect(verb, { object, fields }, dataObjects),
  };
}

/** The id in an answer, for an undo. */
function idIn(result: Json | undefined): string | undefined {
  const id = isJsonObject(result) ? result['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

function markedFields(environment: OperationsFor, { object, fields }: Create, actionId: string): Create['fields'] {
  const marker = markerOf(environment, object);
  return marker === undefined ? fields : { ...fields, [marker]: actionId };
}

function probeCreate(environment: OperationsFor): Probe<Create> {
  return async ({ object }, context) => {
    const marker = markerOf(environment, object);
    if (marker === undefined)
      return { status: 'undetermined', detail: `No field of ${object} is configured to take the mark of an action.` };
    const found = await findRows(environment.org, context, { object, where: [equalTo(marker, context.actionId)] });
    if (found.kind !== 'found') return undetermined(found);
    const id = found.value[0]?.['Id'];
    return id === undefined ? { status: 'not-applied' } : { status: 'applied', result: { id: String(id) } };
  };
}

function createOperation(environment: OperationsFor): AnyOperation {
  return writeOperation({
    name: 'salesforce.record.create',
    description:
      'Creates a record of any object. Of PermissionSetAssignment and its like it grants rights; of an object that is not known it counts as the worst possible.',
    input: createInput.superRefine(writesNoMark(environment, ({ fields }) => Object.keys(fields))),
    output: createOutput,
    resourceTypes: ['Salesforce::SObject'],
    resources: ({ object }): [ResourceRef] => [objectRef(object)],
    touched: ({ id }, { object }) => [recordRef(object, id)],
    provenance: { arguments: { fields: 'content' } },
    ...common('create', environment),
    repeat: NO_KEY,
    execute: jsforceExecution<Create>(environment.org, {
      run: (connection, input, { actionId }) =>
        connection.sobject(input.object).create(markedFields(environment, input, actionId)),
      result: (answer) => ({ id: saved.parse(answer).id }),
    }),
    probe: probeCreate(environment),
    undo: ({ object }, result) => {
      const id = idIn(result);
      return id === undefined ? undefined : { operation: 'salesforce.record.delete', input: { object, id } };
    },
    evidence: [sdk('sobject().create: POST /sobjects/{object}'), doc('REST guide v67.0, sObject Basic Information')],
  });
}

/** Reads what stands there, then writes: what stood there is what an undo needs. */
function update(environment: OperationsFor): Execute<Update> {
  return jsforceExecution<Update>(environment.org, {
    run: async (connection, { object, id, fields }) => {
      const names = Object.keys(fields);
      const before = fieldsOf(await connection.sobject(object).retrieve(id, { fields: names }), names);
      await connection.sobject(object).update({ Id: id, ...fields });
      return { id, ...(Object.keys(before).length === names.length && { former: before }) };
    },
  });
}

function updateOperation(environment: OperationsFor): AnyOperation {
  return writeOperation({
    name: 'salesforce.record.update',
    description:
      'Changes fields of a record of any object, and answers what stood there before. Of a user or of permissions it changes rights.',
    input: updateInput.superRefine(writesNoMark(environment, ({ fields }) => Object.keys(fields))),
    output: z.object({ id: z.string(), former }),
    resourceTypes: ['Salesforce::SalesforceRecord', 'Salesforce::User'],
    resources: ({ object, id }): [ResourceRef] => [recordRef(object, id)],
    labels: ({ object }) => labelsOf(object, environment.dataObjects),
    provenance: {
      arguments: { id: 'target', fields: 'content' },
      returns: { fields: { id: 'system', former: 'others' } },
    },
    ...common('update', environment),
    repeat: NO_KEY,
    execute: update(environment),
    probe: probeFields<Update>(environment.org, (input) => input),
    undo: ({ object, id }, result) => {
      const before = isJsonObject(result) ? result['former'] : undefined;
      if (!isJsonObject(before)) return undefined;
      return { operation: 'salesforce.record.update', input: { object, id, fields: before } };
    },
    evidence: [sdk('sobject().update: PATCH /sobjects/{object}/{id}'), doc('REST guide v67.0, sObject Rows')],
  });
}

function upsertOperation(environment: OperationsFor): AnyOperation {
  return writeOperation({
    name: 'salesforce.record.upsert',
    description: 'Creates a record, or changes the one that has this external id. Sent twice it is one record.',
    input: upsertInput.superRefine(
      writesNoMark(environment, ({ fields, externalIdField }) => [externalIdField, ...Object.keys(fields)]),
    ),
    output: z.object({ id: z.string().optional(), created: z.boolean().optional() }),
    resourceTypes: ['Salesforce::SObject'],
    resources: ({ object }): [ResourceRef] => [objectRef(object)],
    touched: ({ id }, { object }) => (id === undefined ? [] : [recordRef(object, id)]),
    provenance: { arguments: { externalId: 'target', fields: 'content' } },
    ...common('upsert', environment),
    effect: ({ object, fields, externalIdField }) =>
      objectEffect('upsert', { object, fields: { ...fields, [externalIdField]: '' } }, environment.dataObjects),
    repeat: {
      class: 'naturally-idempotent',
      evidence: doc(
        'REST guide v67.0, sObject Rows by External ID: PATCH /sobjects/{object}/{field}/{value} is idempotent',
      ),
    },
    execute: jsforceExecution<Upsert>(environment.org, {
      classOf: () => 'again',
      run: (connection, { object, externalIdField, externalId, fields }) => {
        if (Object.keys(fields).some((name) => lowerCase(name) === lowerCase(externalIdField)))
          throw new InterlockError('INVALID_INPUT', 'The external id is named once, beside the fields.');
        return connection.sobject(object).upsert({ ...fields, [externalIdField]: externalId }, externalIdField);
      },
      result: (answer) => answer,
    }),
    probe: async ({ object, externalIdField, externalId, fields }, context) => {
      const names = Object.keys(fields);
      const where = [equalTo(externalIdField, externalId)];
      const found = await findRows(environment.org, context, { object, fields: names, where });
      if (found.kind !== 'found') return undetermined(found);
      const id = found.value[0]?.['Id'];
      if (id === undefined) return { status: 'not-applied' };
      return probeFields<Update>(environment.org, (wanted) => wanted)({ object, id: String(id), fields }, context);
    },
    undo: {
      none: 'Whether it created or changed a record is known only afterwards, and what it held before is not read.',
    },
    evidence: [sdk('sobject().upsert: PATCH /sobjects/{object}/{field}/{value}')],
  });
}

function deleteOperation(environment: OperationsFor): AnyOperation {
  return writeOperation({
    name: 'salesforce.record.delete',
    description:
      'Deletes a record of any object into the recycle bin, with what hangs on it; from there it can be restored for some days.',
    input: deleteInput,
    output: z.object({ id: z.string() }),
    resourceTypes: ['Salesforce::SalesforceRecord', 'Salesforce::User'],
    resources: ({ object, id }): [ResourceRef] => [recordRef(object, id)],
    provenance: { arguments: { id: 'target' } },
    ...common('delete', environment),
    repeat: NO_KEY,
    execute: jsforceExecution<Delete>(environment.org, {
      run: (connection, { object, id }) => connection.sobject(object).destroy(id),
      result: (_answer, { id }) => ({ id }),
    }),
    probe: ({ object, id }, context: ExecutionContext) =>
      probeGone(environment.org, context, { object, id, fields: ['Id'] }),
    undo: ({ object, id }) => ({ operation: 'salesforce.record.undelete', input: { object, id } }),
    evidence: [
      sdk('sobject().destroy: DELETE /sobjects/{object}/{id}'),
      doc('SOAP guide, delete and undelete: the recycle bin keeps records until it is emptied or they expire'),
    ],
  });
}

export function recordWriteOperations(environment: OperationsFor): readonly AnyOperation[] {
  return [
    createOperation(environment),
    updateOperation(environment),
    upsertOperation(environment),
    deleteOperation(environment),
  ];
}
