import { z } from 'zod';
import type { Execute, ExecutionContext, Probe } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { foundRow } from './read-back.ts';
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

/** Finds the one row and deletes it. A role that comes from a group or another role has a row that cannot be deleted. */
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

/** Whether the row is there, which is what both directions wanted to change. */
export function linkProbe<I>(link: LinkTable<I>, wanted: 'present' | 'absent'): Probe<I> {
  return async (input, context) => {
    const ends = await link.ends(input, context);
    if (!ends.ok) return { status: 'undetermined', detail: ends.refusal.detail };
    const found = await foundRow({ table: link.table, where: ends.value, columns: textColumns(ends.value) }, context);
    if (found.status !== 'applied' && found.status !== 'not-applied') return found;
    const isPresent = found.status === 'applied';
    if (isPresent !== (wanted === 'present')) return { status: 'not-applied' };
    return { status: 'applied', result: isPresent ? { sys_id: found.result['sys_id'] ?? '' } : {} };
  };
}

async function findLinks<I>(link: LinkTable<I>, input: I, context: ExecutionContext) {
  const ends = await link.ends(input, context);
  if (!ends.ok) return ends;
  const rows = await findRows(
    { table: link.table, where: ends.value, columns: { ...textColumns(ends.value), inherited: 'flag' } },
    context,
  );
  return rows.ok ? { ok: true as const, value: rows.value.filter((row) => row['inherited'] !== true) } : rows;
}
