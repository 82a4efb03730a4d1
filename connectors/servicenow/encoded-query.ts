import { z } from 'zod';
import { InterlockError } from '../../src/lib/errors.ts';

/** ServiceNow's operators [doc: c_TableAPI.md]; several values mean any of them, after `not-equals` none of them. */
const OPERATORS = {
  equals: { sign: '=', join: '^OR' },
  'not-equals': { sign: '!=', join: '^' },
  contains: { sign: 'LIKE', join: '^OR' },
  'starts-with': { sign: 'STARTSWITH', join: '^OR' },
  'ends-with': { sign: 'ENDSWITH', join: '^OR' },
} as const;

type Operator = keyof typeof OPERATORS;

export interface Condition {
  readonly field: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

const MOST_CONDITIONS = 10;
const MOST_VALUES = 25;
const LONGEST_VALUE = 200;

/** A caret begins another condition, a line break ends the query, and `javascript:` is run on the server. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const UNSAFE_VALUE = /[\^\u0000-\u001f\u007f-\u009f\u2028\u2029]|javascript\s*:/i;

const queryValue = z
  .string()
  .min(1)
  .max(LONGEST_VALUE)
  .refine(
    (value) => !UNSAFE_VALUE.test(value.normalize('NFKC')),
    'a query value holds no ^, no control character and no javascript:',
  );

/**
 * Conditions that must all hold. Only listed columns, never a dotted path through a reference: a query that compares a
 * column that may not be read still tells what is in it.
 */
export function conditions(fields: readonly [string, ...string[]]) {
  const condition = z.strictObject({
    field: z.enum(fields),
    operator: z.enum(Object.keys(OPERATORS) as [Operator, ...Operator[]]), // the keys of a constant
    values: z.array(queryValue).min(1).max(MOST_VALUES),
  });
  return z.array(condition).max(MOST_CONDITIONS);
}

/**
 * The encoded query; the only place that makes one. Values are checked again, because a probe's do not come through a
 * schema. Throws INVALID_INPUT.
 */
export function encodedQuery(
  where: readonly Condition[],
  orderBy?: { readonly field: string; readonly descending?: boolean },
): string {
  const parts = where.map(({ field, operator, values }) => {
    const { sign, join } = OPERATORS[operator];
    return values.map((value) => `${columnName(field)}${sign}${safeValue(value)}`).join(join);
  });
  // Without a total order a record could fall between two pages.
  const order =
    orderBy === undefined
      ? []
      : [`ORDERBY${orderBy.descending === true ? 'DESC' : ''}${columnName(orderBy.field)}`, 'ORDERBYsys_id'];
  return [...parts, ...order].join('^');
}

function safeValue(value: string): string {
  const parsed = queryValue.safeParse(value);
  if (!parsed.success) throw new InterlockError('INVALID_INPUT', 'A value cannot be part of a ServiceNow query.');
  return parsed.data;
}

function columnName(field: string): string {
  if (!/^[a-z][a-z0-9_]*$/.test(field))
    throw new InterlockError('INVALID_INPUT', 'A name cannot be a column of a ServiceNow query.');
  return field;
}
