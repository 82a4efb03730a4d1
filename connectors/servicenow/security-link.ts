import { z } from 'zod';
import type { Execute, ExecutionContext, Probe } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { deleteCall, findRows, insertCall, recordOf, type Step } from './table-call.ts';
import type { Fields } from './table-effect.ts';
import { type Columns, textColumns } from './table-record.ts';
import { notThere } from './table-write.ts';

/** A table whose rows say that two things belong together, as a user and a role. */
export interface LinkTable<I> {
  readonly table: 'sys_user_has_role' | 'sys_user_grmember';
  /** Both ends, which make the row's natural key; may look one of them up. */
  readonly ends: (input: I, context: ExecutionContext) => Promise<Step<Fields>>;
}

export const linkSchema = z.object({ sys_id: z.string() });

const ROW: Columns = {};

export function addLink<I>(link: LinkTable<I>): Execute<I> {
  const insert = httpExecution<Fields>({
    request: (fields, { actionId }) => insertCall({ table: link.table, fields, answer: ROW, actionId }),
    repeatable: false,
    result: recordOf(ROW),
  });
  return async (input, context) => {
    const ends = await link.ends(input, context);
    return ends.ok ? insert(ends.value, context) : ends.refusal;
  };
}

/** Finds the one row and deletes it. */
export function removeLink<I>(link: LinkTable<I>): Execute<I> {
  const remove = httpExecution<{ readonly sys_id: string }>({
    request: ({ sys_id }, { actionId }) => deleteCall(link.table, sys_id, actionId),
    repeatable: false,
    result: (_, { sys_id }) => ({ sys_id }),
  });
  return async (input, context) => {
    const rows = await findLinks(link, input, context);
    if (!rows.ok) return rows.refusal;
    const [row, another] = rows.value;
    if (row === undefined) return notThere('They do not belong together, so there is nothing to take away.');
    if (another !== undefined) return notThere('They belong together in several ways; take the others away first.');
    return remove({ sys_id: String(row['sys_id']) }, context);
  };
}

/** Whether there is such a row, which is what both directions wanted to change. */
export function linkProbe<I>(link: LinkTable<I>, wanted: 'present' | 'absent'): Probe<I> {
  return async (input, context) => {
    const rows = await findLinks(link, input, context);
    if (!rows.ok) return { status: 'undetermined', detail: rows.refusal.detail };
    const [row] = rows.value;
    if ((row !== undefined) !== (wanted === 'present')) return { status: 'not-applied' };
    return { status: 'applied', result: row === undefined ? {} : { sys_id: String(row['sys_id']) } };
  };
}

/** The rows that were made directly; those that a group or another role brought along are not anybody's to change. */
async function findLinks<I>(
  link: LinkTable<I>,
  input: I,
  context: ExecutionContext,
): Promise<Step<readonly JsonObject[]>> {
  const ends = await link.ends(input, context);
  if (!ends.ok) return ends;
  const rows = await findRows(
    { table: link.table, where: ends.value, columns: { ...textColumns(ends.value), inherited: 'flag' } },
    context,
  );
  return rows.ok ? { ok: true, value: rows.value.filter((row) => row['inherited'] !== true) } : rows;
}
