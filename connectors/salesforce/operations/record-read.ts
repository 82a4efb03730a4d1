import { z } from 'zod';
import type { ResourceRef } from '../../../src/action/resource.ts';
import { type AnyOperation, readOperation } from '../../../src/connector/contract.ts';
import { doc, sdk } from '../evidence.ts';
import { fieldName, objectName, readFields, recordId, recordOutput } from '../fields.ts';
import { jsforceExecution } from '../jsforce-execution.ts';
import { labelsOf } from '../object-effect.ts';
import type { OperationsFor } from '../operations-for.ts';
import { fieldsOf } from '../read-back.ts';
import { objectRef, recordRef } from '../resources.ts';
import { conditions, soqlOf } from '../soql.ts';

const MOST_RECORDS = 2_000;
/** Pages of one query that are followed. */
const MOST_PAGES = 20;

const getInput = z.strictObject({ object: objectName, id: recordId, fields: readFields });

function getOperation({ org, dataObjects }: OperationsFor): AnyOperation {
  return readOperation({
    name: 'salesforce.record.get',
    description: 'Reads named fields of one record of any object.',
    input: getInput,
    output: recordOutput,
    resourceTypes: ['Salesforce::SalesforceRecord', 'Salesforce::User'],
    resources: ({ object, id }) => [recordRef(object, id)],
    labels: ({ object }) => labelsOf(object, dataObjects),
    provenance: { arguments: { id: 'target' }, returns: { default: 'others', fields: { id: 'system' } } },
    execute: jsforceExecution<z.output<typeof getInput>>(org, {
      run: (connection, { object, id, fields }) => connection.sobject(object).retrieve(id, { fields }),
      result: (answer, { id, fields }) => ({ id, fields: fieldsOf(answer, fields) }),
    }),
    evidence: [sdk('sobject().retrieve: GET /sobjects/{object}/{id}?fields='), doc('REST guide v67.0, sObject Rows')],
  });
}

const queryInput = z.strictObject({
  object: objectName,
  fields: readFields,
  /** All must hold. */
  where: conditions.default([]),
  orderBy: z.strictObject({ field: fieldName, descending: z.boolean().optional() }).optional(),
  limit: z.int().min(1).max(MOST_RECORDS).default(100),
});

const page = z.object({
  totalSize: z.int(),
  done: z.boolean(),
  nextRecordsUrl: z.string().optional(),
  records: z.array(z.looseObject({ Id: z.string() })),
});

/** Salesforce's own name for the rest of a result; whatever else stands there is no page of it. */
function nextPath(url: string, version: string): string {
  const prefix = `/services/data/v${version}/query/`;
  const locator = url.startsWith(prefix) ? url.slice(prefix.length) : '';
  if (!/^[A-Za-z0-9-]{1,80}$/.test(locator)) throw new Error('the next page is none of this query');
  return url;
}

function queryOperation({ org, dataObjects }: OperationsFor): AnyOperation {
  return readOperation({
    name: 'salesforce.record.query',
    description: 'Finds records of one object by conditions on its own fields, and reads named fields of them.',
    activity: 'data',
    input: queryInput,
    output: z.object({ total: z.int(), records: z.array(recordOutput) }),
    resourceTypes: ['Salesforce::SObject'],
    resources: ({ object }) => [objectRef(object)],
    labels: ({ object }) => labelsOf(object, dataObjects),
    touched: ({ records }, { object }) => records.map(({ id }): ResourceRef => recordRef(object, id)),
    provenance: { returns: { default: 'others', fields: { 'records[*].id': 'system', total: 'system' } } },
    execute: jsforceExecution<z.output<typeof queryInput>>(org, {
      run: async (connection, input) => {
        // jsforce's own walk follows a locator wherever it points.
        let answer = page.parse(await connection.request(`/query?q=${encodeURIComponent(soqlOf(input))}`));
        const records = [...answer.records];
        for (let pages = 1; !answer.done && answer.nextRecordsUrl !== undefined; pages++) {
          if (pages >= MOST_PAGES) throw new Error('the result has more pages than are followed');
          answer = page.parse(await connection.request(nextPath(answer.nextRecordsUrl, org.version)));
          records.push(...answer.records);
        }
        return { total: answer.totalSize, records: records.slice(0, input.limit) };
      },
      result: (answer, { fields }) => {
        const { total, records } = z.object({ total: z.int(), records: page.shape.records }).parse(answer);
        return { total, records: records.map((record) => ({ id: record.Id, fields: fieldsOf(record, fields) })) };
      },
    }),
    evidence: [
      sdk('query: GET /query?q=, and nextRecordsUrl until done'),
      doc('REST guide v67.0, Query: short pages are not the end'),
    ],
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const SAFE_TEXT = /^[^\u0000-\u001f]{2,200}$/u;
const searchInput = z.strictObject({
  text: z.string().regex(SAFE_TEXT, 'a search is for 2 to 200 characters'),
  object: objectName,
  fields: readFields,
  limit: z.int().min(1).max(200).default(25),
});
const searchReply = z.object({ searchRecords: z.array(z.looseObject({ Id: z.string() })) });

function searchOperation({ org, dataObjects }: OperationsFor): AnyOperation {
  return readOperation({
    name: 'salesforce.record.search',
    description: 'Searches the text of all fields of one object.',
    activity: 'data',
    input: searchInput,
    output: z.object({ records: z.array(recordOutput) }),
    resourceTypes: ['Salesforce::SObject'],
    resources: ({ object }) => [objectRef(object)],
    labels: ({ object }) => labelsOf(object, dataObjects),
    touched: ({ records }, { object }) => records.map(({ id }) => recordRef(object, id)),
    provenance: { returns: { default: 'others', fields: { 'records[*].id': 'system' } } },
    execute: jsforceExecution<z.output<typeof searchInput>>(org, {
      // A POST that only reads: parameters instead of SOSL, so that no text of the agent is ever parsed as a query.
      classOf: () => 'reads',
      run: (connection, { text, object, fields, limit }) =>
        connection.requestPost('/parameterizedSearch', {
          q: text,
          sobjects: [{ name: object, fields: [...new Set(['Id', ...fields])], limit }],
        }),
      result: (answer, { fields }) => ({
        records: searchReply.parse(answer).searchRecords.map((record) => ({
          id: record.Id,
          fields: fieldsOf(record, fields),
        })),
      }),
    }),
    evidence: [doc('REST guide, Parameterized Search: POST /parameterizedSearch {q, sobjects[{name, fields, limit}]}')],
  });
}

export function recordReadOperations(environment: OperationsFor): readonly AnyOperation[] {
  return [getOperation(environment), queryOperation(environment), searchOperation(environment)];
}
