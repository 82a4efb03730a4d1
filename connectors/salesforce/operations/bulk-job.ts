import type { Connection } from 'jsforce';
import { z } from 'zod';
import type { Effect } from '../../../src/action/effect.ts';
import type { ResourceRef } from '../../../src/action/resource.ts';
import {
  type AnyOperation,
  type ExecutionContext,
  type ProbeResult,
  readOperation,
  writeOperation,
} from '../../../src/connector/contract.ts';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { InterlockError } from '../../../src/lib/errors.ts';
import type { RequestClass } from '../confined-connection.ts';
import { doc, NO_KEY, sdk } from '../evidence.ts';
import { fieldName, objectName, recordId, writtenFields } from '../fields.ts';
import { ask, jsforceExecution } from '../jsforce-execution.ts';
import { writesNoMark } from '../marker.ts';
import { objectEffect, objectFacets, type Verb } from '../object-effect.ts';
import type { OperationsFor } from '../operations-for.ts';
import { undetermined } from '../read-back.ts';
import { objectRef } from '../resources.ts';

const MOST_ROWS = 2_000;
const VERBS = { insert: 'create', update: 'update', upsert: 'upsert', delete: 'delete', hardDelete: 'delete' } as const;

const runInput = z
  .strictObject({
    object: objectName,
    action: z.enum(['insert', 'update', 'upsert', 'delete', 'hardDelete']),
    /** For `upsert`. */
    externalIdField: fieldName.optional(),
    /** For `update`, `delete` and `hardDelete`. */
    ids: z.array(recordId).min(1).max(MOST_ROWS).optional(),
    /** For `insert`, `update` and `upsert`: every row has the same fields. */
    rows: z.array(writtenFields).min(1).max(MOST_ROWS).optional(),
  })
  .superRefine(({ action, ids, rows, externalIdField }, context) => {
    const issue = (message: string) => context.addIssue({ code: 'custom', path: ['action'], message });
    const named = action === 'update' || action === 'delete' || action === 'hardDelete';
    const filled = action === 'insert' || action === 'update' || action === 'upsert';
    if (named !== (ids !== undefined)) issue('ids go with update, delete and hardDelete');
    if (filled !== (rows !== undefined)) issue('rows go with insert, update and upsert');
    if ((action === 'upsert') !== (externalIdField !== undefined)) issue('externalIdField goes with upsert');
    if (ids !== undefined && rows !== undefined && ids.length !== rows.length) issue('every id has a row');
    const [columns = '', ...others] = (rows ?? []).map((row) => Object.keys(row).sort().join());
    if (others.some((other) => other !== columns)) issue('every row has the same fields');
  });
type Run = z.output<typeof runInput>;

/** A hard delete passes the recycle bin by; a job's changes are taken back by nothing. */
function effectOf({ object, action, ids, rows, externalIdField }: Run, dataObjects: readonly string[]): Effect {
  const verb: Verb = VERBS[action];
  const fields = Object.assign({}, ...(rows ?? []), externalIdField === undefined ? {} : { [externalIdField]: '' });
  const effect = objectEffect(verb, { object, fields }, dataObjects);
  const reversible = action === 'delete' ? effect.reversible : 'no';
  const count = ids?.length ?? rows?.length ?? 1;
  return { ...effect, reversible, count, privileged: effect.privileged || action === 'hardDelete' };
}

/** [doc] RFC 4180 with line feeds; a value is always quoted, so that nothing in it begins another row. */
function csvOf({ ids, rows }: Run): string {
  const [first = {}] = rows ?? [];
  const columns = Object.keys(first);
  const header = [...(ids === undefined ? [] : ['Id']), ...columns];
  const count = ids?.length ?? rows?.length ?? 0;
  const lines = Array.from({ length: count }, (_, at) => [
    ...(ids === undefined ? [] : [ids[at]]),
    ...columns.map((column) => rows?.[at]?.[column] ?? '#N/A'),
  ]);
  return [header, ...lines]
    .map((cells) => cells.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(','))
    .join('\n');
}

const job = z.object({
  id: recordId,
  state: z.string(),
  object: z.string().optional(),
  operation: z.string().optional(),
  numberRecordsProcessed: z.int().optional(),
  numberRecordsFailed: z.int().optional(),
});

const JOBS = '/jobs/ingest';

/** Only the last of the calls starts the job: before it an open job without an owner is all that can be left behind. */
function classOf({ method }: HttpCall): RequestClass {
  return method === 'PATCH' ? 'once' : 'reads';
}

async function start(connection: Connection, input: Run): Promise<z.output<typeof job>> {
  const { object, action, externalIdField } = input;
  const opened = job.parse(
    await connection.requestPost(JOBS, {
      object,
      operation: action,
      contentType: 'CSV',
      lineEnding: 'LF',
      ...(externalIdField !== undefined && { externalIdFieldName: externalIdField }),
    }),
  );
  await connection.request({
    method: 'PUT',
    url: `${JOBS}/${opened.id}/batches`,
    body: csvOf(input),
    headers: { 'content-type': 'text/csv' },
  });
  const place = `${JOBS}/${opened.id}`;
  try {
    return job.parse(await connection.requestPatch(place, { state: 'UploadComplete' }));
  } catch (error) {
    if (!(error instanceof InterlockError) || error.data['class'] !== 'ambiguous') throw error;
    // The job is known by its id, so that whether it was started can still be asked.
    return job.parse(await connection.request(place));
  }
}

const PROGRESS: Readonly<Record<string, ProbeResult['status']>> = {
  Open: 'not-applied',
  UploadComplete: 'running',
  InProgress: 'running',
  JobComplete: 'applied',
  Aborted: 'undetermined',
  Failed: 'undetermined',
};

async function probe({ org }: OperationsFor, context: ExecutionContext, jobId: unknown): Promise<ProbeResult> {
  if (typeof jobId !== 'string')
    return { status: 'undetermined', detail: 'Nothing says which job it was: a job carries no mark of an action.' };
  const found = await ask(org, context, {
    schema: job,
    run: (connection) => connection.request(`${JOBS}/${recordId.parse(jobId)}`),
  });
  if (found.kind !== 'found') return undetermined(found);
  const status = PROGRESS[found.value.state] ?? 'undetermined';
  if (status === 'applied') return { status, result: found.value };
  if (status === 'not-applied' || status === 'running') return { status };
  return { status: 'undetermined', detail: `The job ended as ${found.value.state}; some records may be done.` };
}

function runOperation(environment: OperationsFor): AnyOperation {
  const { org, dataObjects } = environment;
  return writeOperation({
    name: 'salesforce.bulk-job.run',
    description: 'Writes or deletes many records of one object by a bulk job; hardDelete passes the recycle bin by.',
    input: runInput.superRefine(
      writesNoMark(environment, ({ rows, externalIdField }) => [
        ...(externalIdField === undefined ? [] : [externalIdField]),
        ...(rows ?? []).flatMap((row) => Object.keys(row)),
      ]),
    ),
    output: job,
    facets: objectFacets(dataObjects),
    resourceTypes: ['Salesforce::SObject', 'Salesforce::Job'],
    resources: ({ object }): [ResourceRef] => [objectRef(object)],
    touched: ({ id }) => [{ type: 'Salesforce::Job', id }],
    provenance: { arguments: { ids: 'target', action: 'flag', rows: 'content' } },
    effectKinds: ['create', 'update', 'delete', 'communicate', 'privilege', 'execute'],
    effect: (input) => effectOf(input, dataObjects),
    repeat: NO_KEY,
    execute: jsforceExecution<Run>(org, {
      classOf,
      run: async (connection, input) => {
        if (csvOf(input).length > 8_000_000) throw new InterlockError('TOO_LARGE', 'the rows are too long for one job');
        return start(connection, input);
      },
      accepted: (answer) => ({ jobId: job.parse(answer).id }),
    }),
    probe: (_input, context) => probe(environment, context, context.handle?.['jobId']),
    undo: { none: 'Records of a job are taken back one by one, where that is possible at all.' },
    evidence: [
      sdk('bulk2.job: POST /jobs/ingest, PUT …/batches (text/csv), PATCH {state: UploadComplete}'),
      doc('Bulk API 2.0 guide: a job is processed once it is UploadComplete; hardDelete passes the recycle bin by'),
    ],
  });
}

const getInput = z.strictObject({ jobId: recordId });

function getOperation({ org }: OperationsFor): AnyOperation {
  return readOperation({
    name: 'salesforce.bulk-job.get',
    description: 'Reads how far a bulk job is, and how many of its records failed.',
    input: getInput,
    output: job,
    resourceTypes: ['Salesforce::Job'],
    resources: ({ jobId }): [ResourceRef] => [{ type: 'Salesforce::Job', id: jobId }],
    provenance: { returns: { default: 'system' } },
    execute: jsforceExecution<z.output<typeof getInput>>(org, {
      run: (connection, { jobId }) => connection.request(`${JOBS}/${jobId}`),
    }),
    evidence: [sdk('bulk2 job check: GET /jobs/ingest/{id}')],
  });
}

export function bulkJobOperations(environment: OperationsFor): readonly AnyOperation[] {
  return [runOperation(environment), getOperation(environment)];
}
