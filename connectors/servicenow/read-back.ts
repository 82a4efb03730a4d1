import type { ExecutionContext, Probe, ProbeResult } from '../../src/connector/contract.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { correlationOf } from './correlation.ts';
import { type Find, findRows } from './table-call.ts';
import { type Fields, JOURNAL_COLUMNS } from './table-effect.ts';
import { textColumns } from './table-record.ts';

/** Did this action create a ticket? Every ticket that Interlock creates carries its action's mark in `correlation_id`. */
export function createdTicket<I>(tableOf: (input: I) => string): Probe<I> {
  return async (input, context) => {
    const where = { correlation_id: correlationOf(context.actionId) };
    const found = await foundRow(
      { table: tableOf(input), where, columns: { number: 'text', correlation_id: 'text' } },
      context,
    );
    return found.status === 'applied' ? { status: 'applied', result: withoutMark(found.result) } : found;
  };
}

type Found = Exclude<ProbeResult, { status: 'applied' }> | { readonly status: 'applied'; readonly result: JsonObject };

/** Is there a row with this natural key? Then the aim of the action holds, whoever reached it. */
export async function foundRow(find: Find, context: ExecutionContext): Promise<Found> {
  const rows = await findRows(find, context);
  if (!rows.ok) return { status: 'undetermined', detail: rows.refusal.detail };
  const [row] = rows.value;
  return row === undefined ? { status: 'not-applied' } : { status: 'applied', result: row };
}

/** Is the record gone? One that an access rule hides looks the same, but whoever could delete it could see it. */
export async function isDeleted(table: string, sysId: string, context: ExecutionContext): Promise<ProbeResult> {
  const found = await foundRow({ table, where: { sys_id: sysId }, columns: {} }, context);
  if (found.status === 'applied') return { status: 'not-applied' };
  return found.status === 'not-applied' ? { status: 'applied', result: { sys_id: sysId } } : found;
}

/**
 * Does the record hold what was written? If not, somebody may have changed it since, or a business rule did, so nothing
 * follows; neither does anything for a journal, whose entries carry no mark.
 */
export async function holdsFields(
  { table, sysId, fields }: { readonly table: string; readonly sysId: string; readonly fields: Fields },
  context: ExecutionContext,
): Promise<ProbeResult> {
  if (Object.keys(fields).some((column) => JOURNAL_COLUMNS.has(column))) {
    return { status: 'undetermined', detail: 'A journal entry carries no mark by which it could be found.' };
  }
  const found = await foundRow({ table, where: { sys_id: sysId }, columns: textColumns(fields) }, context);
  if (found.status !== 'applied')
    return found.status === 'not-applied' ? { status: 'undetermined', detail: 'The record is not there.' } : found;
  const { result } = found;
  const holds = Object.entries(fields).every(([column, value]) => (result[column] ?? '') === value);
  return holds
    ? { status: 'applied', result: { sys_id: sysId } }
    : { status: 'undetermined', detail: 'The record holds other values now.' };
}

function withoutMark({ correlation_id: _, ...row }: JsonObject): JsonObject {
  return row;
}
