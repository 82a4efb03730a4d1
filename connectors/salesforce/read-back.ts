import { z } from 'zod';
import type { ExecutionContext, Probe, ProbeResult } from '../../src/connector/contract.ts';
import type { Org } from './confined-connection.ts';
import { type Fields, fieldValue, lowerCase } from './fields.ts';
import { type Asked, ask } from './jsforce-execution.ts';
import { type Condition, soqlOf } from './soql.ts';

const row = z.record(z.string(), z.unknown());
const rows = z.object({ records: z.array(row) });

/** Fields of a row as they were asked for, whatever case Salesforce answers them in; what is no plain value is left out. */
export function fieldsOf(record: unknown, names: readonly string[]): Fields {
  const found = Object.entries(row.parse(record));
  const byName = new Map(found.map(([name, value]) => [lowerCase(name), value]));
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = fieldValue.safeParse(byName.get(lowerCase(name)));
      return value.success ? [[name, value.data]] : [];
    }),
  );
}

interface Wanted {
  readonly object: string;
  readonly id: string;
  readonly fields: readonly string[];
}

/** One record as it is now. */
export async function readRecord(
  org: Org,
  context: ExecutionContext,
  { object, id, fields }: Wanted,
): Promise<Asked<Fields>> {
  const found = await ask(org, context, {
    schema: row,
    run: (connection) => connection.sobject(object).retrieve(id, { fields: [...fields] }),
  });
  return found.kind === 'found' ? { kind: 'found', value: fieldsOf(found.value, fields) } : found;
}

/** The rows of this object that meet these conditions, at most two. */
export async function findRows(
  org: Org,
  context: ExecutionContext,
  query: { readonly object: string; readonly fields?: readonly string[]; readonly where: readonly Condition[] },
): Promise<Asked<readonly Fields[]>> {
  const { object, fields = [], where } = query;
  const soql = soqlOf({ object, fields, where, limit: 2 });
  const found = await ask(org, context, {
    schema: rows,
    run: (connection) => connection.request(`/query?q=${encodeURIComponent(soql)}`),
  });
  if (found.kind !== 'found') return found;
  return { kind: 'found', value: found.value.records.map((record) => fieldsOf(record, ['Id', ...fields])) };
}

export function equalTo(field: string, value: string): Condition {
  return { field, operator: 'equals', values: [value] };
}

export function undetermined(asked: Asked<unknown>): ProbeResult {
  const detail = asked.kind === 'unreadable' ? asked.detail : 'Salesforce does not show the record.';
  return { status: 'undetermined', detail: `It cannot be read back: ${detail}` };
}

/** Whether a record is gone; somebody else may have deleted it, which leaves the org in the same state. */
export async function probeGone(org: Org, context: ExecutionContext, record: Wanted): Promise<ProbeResult> {
  const found = await readRecord(org, context, record);
  if (found.kind === 'missing') return { status: 'applied', result: { id: record.id } };
  return found.kind === 'found' ? { status: 'not-applied' } : undetermined(found);
}

/** Compares what was to be written with what stands there; settles it where all of it is there, or none of it. */
export function probeFields<I>(
  org: Org,
  wanted: (input: I) => { readonly object: string; readonly id: string; readonly fields: Fields },
): Probe<I> {
  return async (input, context) => {
    const { object, id, fields } = wanted(input);
    const names = Object.keys(fields);
    const found = await readRecord(org, context, { object, id, fields: names });
    if (found.kind !== 'found') return undetermined(found);
    const same = names.filter((name) => textOf(found.value[name]) === textOf(fields[name]));
    if (same.length === names.length) return { status: 'applied', result: { id } };
    if (same.length === 0) return { status: 'not-applied' };
    return { status: 'undetermined', detail: 'The record holds some of the values and not others.' };
  };
}

/** An empty text is stored as null, and the ends of a text are trimmed [mem]. */
function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value).trim();
}
