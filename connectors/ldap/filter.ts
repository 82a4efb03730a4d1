import type { Values } from './values.ts';

export type Match = 'equal' | 'starts' | 'contains' | 'present';

export type SearchFilter =
  | { readonly all: readonly SearchFilter[] }
  | { readonly any: readonly SearchFilter[] }
  | { readonly not: SearchFilter }
  | { readonly attribute: string; readonly is: Match; readonly value: string };

export const has = (attribute: string): SearchFilter => ({ attribute, is: 'present', value: '' });
export const equal = (attribute: string, value: string): SearchFilter => ({ attribute, is: 'equal', value });

/** Matches an entry that still has every value that was read, and nothing of what was empty. */
export function unchanged(read: readonly Values[]): SearchFilter {
  return {
    all: read.flatMap(({ attribute, values }) =>
      values.length === 0 ? [{ not: has(attribute) }] : values.map((value) => equal(attribute, value)),
    ),
  };
}
