import { z } from 'zod';
import { namesNoAction } from './action-mark.ts';

/**
 * A Workday ID (WID). The other forms that Workday takes (`Employee_ID=21001`, `1$42`) are refused: one thing must have
 * one name, or a policy about it could be walked around. Source: `INSTANCE_MODEL_REFERENCE` in every REST description.
 */
export const workdayId = z.string().regex(/^[0-9a-f]{32}$/, 'a Workday ID is 32 lower-case hexadecimal digits');

/** A day as `2026-03-31`; what Workday means by it is the tenant's time zone. */
export const day = z.iso.date();

/** Text that people will read in Workday. */
export function freeText(maxCharacters: number): z.ZodString {
  return z.string().min(1).max(maxCharacters).refine(namesNoAction, 'the text contains the mark of an action');
}

/** A number as text, so that no digit is lost: at most 15 digits, which a JSON number carries exactly. */
export const decimal = z.string().regex(/^-?[0-9]{1,9}(?:\.[0-9]{1,6})?$/, 'a number is written as 12 or -12.5');

/** How many items to read at most, over all pages, and where to begin. */
export const paging = {
  limit: z.int().min(1).max(1_000).default(100),
  offset: z.int().min(0).max(1_000_000).default(0),
};

/** What Workday answers for another thing: its id and a name for people. */
export const instance = z.object({ id: z.string(), descriptor: z.string().optional() });

/** Another thing in a request body. */
export function reference(id: string): { readonly id: string } {
  return { id };
}
