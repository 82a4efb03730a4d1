import { z } from 'zod';

/**
 * One condition of a Falcon Query Language filter. Conditions are joined by "and". Filters are never taken as text: a
 * value that would end its quotes, or stand for many by a star, is refused.
 */
const condition = z.strictObject({
  field: z
    .string()
    .regex(/^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*$/)
    .max(100),
  is: z.enum(['equal', 'not-equal', 'above', 'below', 'at-least', 'at-most']).default('equal'),
  value: z.union([
    z.string().regex(/^[^'"\\*[\]\p{Cc}]{1,200}$/u, 'plain text without quotes, brackets, backslashes and stars'),
    z.int(),
    z.boolean(),
  ]),
});

export const conditions = z.array(condition).max(20);
export type Conditions = z.output<typeof conditions>;

const OPERATORS = {
  equal: ':',
  'not-equal': ':!',
  above: ':>',
  below: ':<',
  'at-least': ':>=',
  'at-most': ':<=',
} as const;

/** The filter as Falcon reads it; undefined for no condition. */
export function fql(all: Conditions): string | undefined {
  const terms = all.map(
    ({ field, is, value }) => `${field}${OPERATORS[is]}${typeof value === 'string' ? `'${value}'` : value}`,
  );
  return terms.length === 0 ? undefined : terms.join('+');
}
