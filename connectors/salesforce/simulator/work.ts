import { z } from 'zod';
import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import type { Json } from '../../../src/lib/json.ts';
import { type BulkJob, newId, objectNamed, tableOf } from './org.ts';
import { done, isRefused, notFound, ok, refuse } from './replies.ts';
import type { RestCall } from './rest-call.ts';
import { createRow, deleteRow, type Place, updateRow, upsertRow } from './rows.ts';

const approval = z.object({
  requests: z.tuple([z.object({ actionType: z.enum(['Submit', 'Approve', 'Reject']), contextId: z.string() })]),
});

/** Submitting makes an instance and a work item; answering the item ends both. */
export function answerApproval({ org, world }: Place, body: unknown): SimulatorResponse {
  const parsed = approval.safeParse(body);
  if (!parsed.success) return refuse(400, 'JSON_PARSER_ERROR', 'not a process request');
  const [{ actionType, contextId }] = parsed.data.requests;
  const instances = tableOf(org, 'ProcessInstance');
  const items = tableOf(org, 'ProcessInstanceWorkitem');
  if (actionType === 'Submit') {
    const pending = [...instances.values()].some(
      (row) => row['TargetObjectId'] === contextId && row['Status'] === 'Pending',
    );
    if (pending) return refused('ALREADY_IN_PROCESS', 'Cannot submit object already in process.');
    const instanceId = newId('ProcessInstance', world);
    const itemId = newId('ProcessInstanceWorkitem', world);
    instances.set(instanceId, { Id: instanceId, TargetObjectId: contextId, Status: 'Pending' });
    items.set(itemId, { Id: itemId, ProcessInstanceId: instanceId, ActorId: null });
    world.audit('approval.submit', contextId);
    return ok([
      {
        success: true,
        errors: null,
        instanceId,
        instanceStatus: 'Pending',
        entityId: contextId,
        newWorkitemIds: [itemId],
      },
    ]);
  }
  const item = items.get(contextId);
  const instance = instances.get(String(item?.['ProcessInstanceId']));
  if (item === undefined || instance === undefined) return refused('INVALID_CROSS_REFERENCE_KEY', 'no such work item');
  items.delete(contextId);
  instance['Status'] = actionType === 'Approve' ? 'Approved' : 'Rejected';
  world.audit(`approval.${actionType.toLowerCase()}`, contextId);
  return ok([{ success: true, errors: null, instanceId: instance['Id'] ?? '', instanceStatus: instance['Status'] }]);
}

function refused(statusCode: string, message: string): SimulatorResponse {
  return ok([{ success: false, errors: [{ statusCode, message, fields: [] }] }]);
}

const email = z.object({
  inputs: z.tuple([z.object({ emailAddresses: z.string(), emailSubject: z.string(), emailBody: z.string() })]),
});

export function answerEmail({ world }: Place, body: unknown): SimulatorResponse {
  const parsed = email.safeParse(body);
  if (!parsed.success) return refuse(400, 'REQUIRED_FIELD_MISSING', 'Missing required input parameter');
  const [{ emailAddresses }] = parsed.data.inputs;
  world.audit('email.send', emailAddresses);
  return ok([{ actionName: 'emailSimple', errors: null, isSuccess: true, outputValues: null }]);
}

const opening = z.object({ object: z.string(), operation: z.string(), externalIdFieldName: z.string().optional() });

/** Bulk API 2.0: open, upload, close; each reading of a closed job takes it one state further. */
export function answerJobs(place: Place, { method, segments, body }: RestCall): SimulatorResponse {
  const { org, world } = place;
  const [id = '', part] = segments;
  if (method === 'POST') {
    const parsed = opening.safeParse(body);
    const object = objectNamed(parsed.data?.object ?? '');
    if (!parsed.success || object === undefined) return refuse(400, 'INVALIDJOB', 'no such object or operation');
    const job: BulkJob = {
      id: `750${world.id().slice(0, 15)}`,
      object,
      operation: parsed.data.operation,
      externalIdFieldName: parsed.data.externalIdFieldName,
      state: 'Open',
      csv: '',
      processed: 0,
      failed: 0,
    };
    org.jobs.set(job.id, job);
    return ok(shown(job));
  }
  const job = org.jobs.get(id);
  if (job === undefined) return notFound();
  if (method === 'PUT' && part === 'batches') {
    job.csv = String(body ?? '');
    return { status: 201 };
  }
  if (method === 'PATCH') {
    if (job.state === 'Open') {
      job.state = 'UploadComplete';
      process(place, job);
    }
    return ok(shown(job));
  }
  if (job.state === 'InProgress') job.state = 'JobComplete';
  if (job.state === 'UploadComplete') job.state = 'InProgress';
  return ok(shown(job));
}

function shown({ id, object, operation, state, processed, failed }: BulkJob): Json {
  return { id, object, operation, state, numberRecordsProcessed: processed, numberRecordsFailed: failed };
}

function process(place: Place, job: BulkJob): void {
  for (const row of rowsOf(job.csv)) {
    const reply = processRow(place, job, row);
    job.processed += 1;
    if (isRefused(reply)) job.failed += 1;
  }
}

function processRow(
  place: Place,
  { object, operation, externalIdFieldName = '' }: BulkJob,
  row: Record<string, string>,
): SimulatorResponse {
  const { Id: id = '', ...fields } = row;
  switch (operation) {
    case 'insert':
      return createRow(place, object, fields);
    case 'update':
      return updateRow(place, object, id, fields);
    case 'upsert': {
      const { [externalIdFieldName]: value = '', ...others } = fields;
      return upsertRow(place, { object, field: externalIdFieldName, value }, others);
    }
    case 'delete':
      return deleteRow(place, object, id);
    case 'hardDelete': {
      const reply = deleteRow(place, object, id);
      if (!isRefused(reply)) place.org.bin.delete(id);
      return reply;
    }
    default:
      return done();
  }
}

/** Quoted cells, as the connector writes them. */
function rowsOf(csv: string): readonly Record<string, string>[] {
  const lines = csv
    .split(/\n(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((line) => [...line.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell = '']) => cell.replaceAll('""', '"')));
  const [header = [], ...rows] = lines;
  return rows.map((cells) => Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ''])));
}
