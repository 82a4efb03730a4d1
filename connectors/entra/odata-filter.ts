import { z } from 'zod';

export interface FilterTerm {
  readonly field: string;
  readonly is: 'eq' | 'startswith';
  readonly value: string;
}

/** What an agent may ask for: known fields, two operators, and a value that is always a quoted literal. */
export function filterOn<const F extends readonly [string, ...string[]]>(fields: F) {
  return z
    .array(
      z.strictObject({
        field: z.enum(fields),
        is: z.enum(['eq', 'startswith']).default('eq'),
        value: z
          .string()
          .min(1)
          .max(256)
          .regex(/^[^\p{Cc}]*$/u, 'plain text'),
      }),
    )
    .max(5)
    .default([]);
}

/** A literal of OData: in quotes, its own quotes doubled (OData URL conventions §5.1.1.6.1). */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `$filter` of all terms together; undefined for none. */
export function filterText(terms: readonly FilterTerm[]): string | undefined {
  if (terms.length === 0) return undefined;
  return terms
    .map(({ field, is, value }) =>
      is === 'eq' ? `${field} eq ${quoted(value)}` : `startswith(${field},${quoted(value)})`,
    )
    .join(' and ');
}
