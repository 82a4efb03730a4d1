import { z } from 'zod';

/**
 * A value that is put between quotes. Quotes, backslashes and control characters are refused rather than escaped: not
 * every server reads the escapes (RFC 7644 §3.4.2.2 takes JSON strings), and one that does not reads another filter.
 */
const value = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^"\\\p{Cc}]*$/u, 'plain text without " and \\');

/** What an agent may ask for: known attributes, three operators, and a value that is always a quoted literal. */
export function filterOn<const A extends readonly [string, ...string[]]>(attributes: A) {
  return z
    .array(z.strictObject({ attribute: z.enum(attributes), is: z.enum(['eq', 'co', 'sw']).default('eq'), value }))
    .max(5)
    .default([]);
}

interface Term {
  readonly attribute: string;
  readonly is: string;
  readonly value: string;
}

/** All terms together; undefined for none. */
export function filterText(terms: readonly Term[]): string | undefined {
  if (terms.length === 0) return undefined;
  return terms.map(({ attribute, is, value }) => `${attribute} ${is} "${value}"`).join(' and ');
}

/** A text that may stand in a filter, because a read-back will look for it. */
export const filterable = value;
