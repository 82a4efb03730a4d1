import { z } from 'zod';
import type { Execute, ExecutionContext, Undo } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { isJsonObject, type JsonObject } from '../../src/lib/json.ts';
import { correlationOf } from './correlation.ts';
import { deleteCall, findRows, insertCall, patchCall, type Refusal, recordOf, type Step } from './table-call.ts';
import { type Fields, isReversibleUpdate, recordEffect } from './table-effect.ts';
import { type Columns, sysId, textColumns } from './table-record.ts';

const NUMBERED: Columns = { number: 'text' };

/** What a write answers: which record it was; tickets have a number that people use. */
export const writtenSchema = z.object({ sys_id: z.string(), number: z.string().optional() });

/** The same, and the values that the written columns had before: what an undo needs. Absent where none was read. */
export const updatedSchema = writtenSchema.extend({ former: z.record(z.string(), z.string()).optional() });

export interface RecordWrite<I> {
  readonly table: (input: I) => string;
  readonly fields: (input: I) => Fields;
}

/** Creates a ticket that carries its action's mark. */
export function createTicket<I>({ table, fields }: RecordWrite<I>): Execute<I> {
  return httpExecution<I>({
    request: (input, { actionId }) =>
      insertCall({
        table: table(input),
        fields: { ...fields(input), correlation_id: correlationOf(actionId) },
        answer: NUMBERED,
        actionId,
      }),
    repeatable: false,
    result: recordOf(NUMBERED),
  });
}

/** Creates a record in a table that has no place for a mark. */
export function createRecord<I>({ table, fields }: RecordWrite<I>): Execute<I> {
  return httpExecution<I>({
    request: (input, { actionId }) =>
      insertCall({ table: table(input), fields: fields(input), answer: NUMBERED, actionId }),
    repeatable: false,
    result: recordOf(NUMBERED),
  });
}

/** Reads the former values where they can be written back, then writes. A record that is not there fails before that. */
export function updateRecord<I extends { readonly sys_id: string }>({ table, fields }: RecordWrite<I>): Execute<I> {
  const write = httpExecution<I>({
    request: (input, { actionId }) =>
      patchCall({ table: table(input), sysId: input.sys_id, fields: fields(input), answer: NUMBERED, actionId }),
    repeatable: false,
    result: recordOf(NUMBERED),
  });
  return async (input, context) => {
    const former = await formerOf({ table: table(input), sysId: input.sys_id, fields: fields(input) }, context);
    if (!former.ok) return former.refusal;
    const written = await write(input, context);
    if (written.status !== 'succeeded' || !isJsonObject(written.result)) return written;
    return { status: 'succeeded', result: { ...written.result, ...former.value } };
  };
}

async function formerOf(
  { table, sysId, fields }: { readonly table: string; readonly sysId: string; readonly fields: Fields },
  context: ExecutionContext,
): Promise<Step<{ readonly former?: Fields }>> {
  if (!isReversibleUpdate(table, fields)) return { ok: true, value: {} };
  const found = await findRows({ table, where: { sys_id: sysId }, columns: textColumns(fields) }, context);
  if (!found.ok) return found;
  const [record] = found.value;
  if (record === undefined) return { ok: false, refusal: notThere() };
  const former = Object.fromEntries(Object.keys(fields).map((column) => [column, String(record[column] ?? '')]));
  return { ok: true, value: { former } };
}

export function deleteRecord<I extends { readonly sys_id: string }>(table: (input: I) => string): Execute<I> {
  return httpExecution<I>({
    request: (input, { actionId }) => deleteCall(table(input), input.sys_id, actionId),
    repeatable: false,
    result: (_, input) => ({ sys_id: input.sys_id }),
  });
}

/** A failure before anything was written. */
export function notThere(detail = 'There is no such record, or it may not be seen.'): Refusal {
  return { status: 'failed', code: 'EXECUTION_FAILED', detail, exposed: false };
}

const written = z.object({ sys_id: sysId });

/** What was created is deleted again, unless somebody was told of it. */
export function undoCreate<I>({ table, fields }: RecordWrite<I>): Undo<I> {
  return (input, result) => {
    const created = written.safeParse(result);
    if (!created.success || recordEffect('create', table(input), fields(input)).reversible !== 'operation')
      return undefined;
    return { operation: 'servicenow.record.delete', input: { table: table(input), sys_id: created.data.sys_id } };
  };
}

const updated = z.object({ sys_id: sysId, former: z.record(z.string(), z.string()) });

/** The former values are written back, by the general operation, because a former state may be any. */
export function undoUpdate<I>({ table, fields }: RecordWrite<I>): Undo<I> {
  return (input, result) => {
    const before = updated.safeParse(result);
    if (!before.success || !isReversibleUpdate(table(input), fields(input))) return undefined;
    return {
      operation: 'servicenow.record.update',
      input: { table: table(input), sys_id: before.data.sys_id, fields: before.data.former },
    };
  };
}

/**
 * ServiceNow leaves out columns that the credential may not write, and still answers 200. Where nothing but one column
 * was written, an answer that shows the old value is a refusal.
 */
export function confirmed<I>(execute: Execute<I>, shows: (answer: JsonObject) => boolean): Execute<I> {
  return async (input, context) => {
    const outcome = await execute(input, context);
    if (outcome.status !== 'succeeded' || !isJsonObject(outcome.result) || shows(outcome.result)) return outcome;
    return {
      status: 'failed',
      code: 'EXECUTION_FAILED',
      detail: 'ServiceNow answered with the old value: the credential may not write this column.',
      exposed: false,
    };
  };
}
