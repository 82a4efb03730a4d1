import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../src/lib/json.ts';

/** The id of a record: 32 hexadecimal digits. */
export const sysId = z.string().regex(/^[0-9a-f]{32}$/, 'a sys_id is 32 lower-case hexadecimal digits');

export const tableName = z
  .string()
  .max(80)
  .regex(/^[a-z][a-z0-9_]*$/, 'a table is named in lower case');

export const columnName = z
  .string()
  .max(80)
  .regex(/^[a-z][a-z0-9_]*$/, 'a column is named in lower case, without dots');

/** How a column is read: ServiceNow sends every scalar as a string, and empty as `""`. */
const COLUMN_TYPES = {
  text: z.string().optional(),
  /** Entries that only grow; they stand in the display value, never in the value. */
  journal: z.string().optional(),
  flag: z.boolean().optional(),
  reference: z.object({ sys_id: z.string(), name: z.string().optional() }).optional(),
} as const;

export type Columns = Readonly<Record<string, keyof typeof COLUMN_TYPES>>;

type Shape<C extends Columns> = {
  -readonly [K in keyof C | 'sys_id']: K extends keyof C ? (typeof COLUMN_TYPES)[C[K]] : z.ZodString;
};

/** A record with these columns and its `sys_id`. What is not listed is neither asked for nor handed on. */
export function recordSchema<const C extends Columns>(columns: C): z.ZodObject<Shape<C>> {
  const shape = Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, COLUMN_TYPES[type]]));
  // Built from `columns` in the line above; the compiler cannot follow fromEntries.
  return z.object({ ...shape, sys_id: z.string() } as unknown as Shape<C>);
}

/** These columns as plain text, which every column can be read as. */
export function textColumns(fields: Readonly<Record<string, unknown>>): Columns {
  return Object.fromEntries(Object.keys(fields).map((column) => [column, 'text'] as const));
}

/** `sysparm_fields` for these columns. */
export function fieldsParameter(columns: Columns): string {
  return ['sys_id', ...Object.keys(columns)].join(',');
}

/** A record as ServiceNow sends it, whatever `sysparm_display_value` was, with empty columns left out. */
export function readRecord(columns: Columns, raw: unknown): JsonObject {
  if (!isJsonObject(raw)) throw new TypeError('a record is not an object');
  const cells = Object.entries(columns).map(([name, type]) => [name, readCell(type, raw[name])] as const);
  const filled = cells.filter((cell): cell is [string, string | boolean | JsonObject] => cell[1] !== undefined);
  return { ...Object.fromEntries(filled), sys_id: storedValue(raw['sys_id']) };
}

function readCell(type: keyof typeof COLUMN_TYPES, cell: unknown): string | boolean | JsonObject | undefined {
  const value = storedValue(cell);
  switch (type) {
    case 'text':
      return value === '' ? undefined : value;
    case 'journal':
      return (displayOf(cell) ?? value) || undefined;
    case 'flag':
      return value === '' ? undefined : value === 'true' || value === '1';
    case 'reference': {
      const name = displayOf(cell);
      if (value === '') return undefined;
      return name === undefined ? { sys_id: value } : { sys_id: value, name };
    }
    default:
      return type satisfies never;
  }
}

/** The stored value of a cell: `"x"`, `{ value }`, `{ link, value }` or `{ display_value, value }`, also as a number or boolean. */
export function storedValue(cell: unknown): string {
  if (isJsonObject(cell)) return storedValue(cell['value']);
  return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean' ? String(cell) : '';
}

function displayOf(cell: unknown): string | undefined {
  const display = isJsonObject(cell) ? cell['display_value'] : undefined;
  return typeof display === 'string' && display !== '' ? display : undefined;
}

/** The `result` of a reply that holds one record; the change API wraps it in a list of one. */
export function resultOf(body: unknown): JsonObject {
  const result = isJsonObject(body) ? body['result'] : undefined;
  const record = Array.isArray(result) && result.length === 1 ? result[0] : result;
  if (!isJsonObject(record)) throw new TypeError('the reply holds no record');
  return record;
}

/** The `result` of a reply that holds a list. */
export function rowsOf(body: unknown): readonly unknown[] {
  const result = isJsonObject(body) ? body['result'] : undefined;
  if (!Array.isArray(result)) throw new TypeError('the reply holds no list');
  return result;
}
