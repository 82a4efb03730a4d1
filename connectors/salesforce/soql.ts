import { z } from 'zod';
import { InterlockError } from '../../src/lib/errors.ts';
import { fieldName, objectName } from './fields.ts';

/** SOQL's operators for one value; several values are `in` or `not-in`. */
const OPERATORS = {
  equals: '=',
  'not-equals': '!=',
  'less-than': '<',
  'greater-than': '>',
  'starts-with': 'LIKE',
  contains: 'LIKE',
  in: 'IN',
  'not-in': 'NOT IN',
} as const;

const MOST_CONDITIONS = 10;
const MOST_VALUES = 200;

/**
 * Text is quoted. A number, `true` and `null` stand as they are, and so does a date, which must say that it is one:
 * text that only looks like one is quoted.
 */
const queryValue = z.union([
  z.string().max(1_000),
  z.number(),
  z.boolean(),
  z.null(),
  z.strictObject({ date: z.union([z.iso.date(), z.iso.datetime({ offset: true })]) }),
]);

type QueryValue = z.output<typeof queryValue>;

export const condition = z.strictObject({
  field: fieldName,
  operator: z.enum(Object.keys(OPERATORS) as [keyof typeof OPERATORS, ...(keyof typeof OPERATORS)[]]), // keys of a constant
  values: z.array(queryValue).min(1).max(MOST_VALUES),
});
export type Condition = z.output<typeof condition>;

/** Conditions that must all hold. */
export const conditions = z.array(condition).max(MOST_CONDITIONS);

export interface Query {
  readonly object: string;
  readonly fields: readonly string[];
  readonly where: readonly Condition[];
  readonly orderBy?: { readonly field: string; readonly descending?: boolean | undefined } | undefined;
  readonly limit: number;
}

/**
 * The query; the only place that makes one. Names are checked again, because a probe's do not come through a schema.
 * Throws INVALID_INPUT.
 */
export function soqlOf({ object, fields, where, orderBy, limit }: Query): string {
  const columns = [...new Set(['Id', ...fields.map(checkedField)])].join(', ');
  const tests = where.map(testOf).join(' AND ');
  const order =
    orderBy === undefined
      ? ''
      : ` ORDER BY ${checkedField(orderBy.field)}${orderBy.descending === true ? ' DESC' : ''}`;
  const from = checked(objectName, object);
  return `SELECT ${columns} FROM ${from}${tests === '' ? '' : ` WHERE ${tests}`}${order} LIMIT ${limit}`;
}

function testOf({ field, operator, values }: Condition): string {
  const sign = OPERATORS[operator];
  const name = checkedField(field);
  if (operator === 'in' || operator === 'not-in') return `${name} ${sign} (${values.map(literalOf).join(', ')})`;
  const [value, ...others] = values;
  if (value === undefined || others.length > 0)
    throw new InterlockError('INVALID_INPUT', `${operator} takes one value; several go with in and not-in.`);
  if (sign !== 'LIKE') return `${name} ${sign} ${literalOf(value)}`;
  if (typeof value !== 'string') throw new InterlockError('INVALID_INPUT', `${operator} compares text.`);
  const text = escaped(value).replace(/[%_]/g, '\\$&');
  return `${name} LIKE '${operator === 'contains' ? '%' : ''}${text}%'`;
}

function literalOf(value: QueryValue): string {
  if (typeof value === 'string') return `'${escaped(value)}'`;
  return value !== null && typeof value === 'object' ? value.date : String(value);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/** [doc] Quoted strings: a quote or backslash of the value itself stands behind a backslash. */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused or escaped
  if (/[\u0000-\u0007\u000b\u000e-\u001f\u007f]/.test(text) || !text.isWellFormed())
    throw new InterlockError('INVALID_INPUT', 'A value cannot be part of a query.');
  return text.replace(/[\\'"\n\r\t\b\f]/g, (character) => ESCAPES[character] ?? character);
}

const checkedField = (name: string) => checked(fieldName, name);

function checked(schema: z.ZodString, name: string): string {
  const parsed = schema.safeParse(name);
  if (!parsed.success) throw new InterlockError('INVALID_INPUT', 'A name cannot be part of a query.');
  return parsed.data;
}
