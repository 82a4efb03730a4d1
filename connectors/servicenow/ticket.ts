import { z } from 'zod';
import { type Fields, isCustomerVisible, type Verb } from './table-effect.ts';
import { type Columns, sysId } from './table-record.ts';

const LONGEST_TITLE = 160;
const LONGEST_TEXT = 4_000;
const LONGEST_CHOICE = 40;

export const title = z.string().trim().min(1).max(LONGEST_TITLE);
export const text = z.string().max(LONGEST_TEXT);
const choice = z.string().min(1).max(LONGEST_CHOICE);
/** 1 high, 2 medium, 3 low. */
const level = z.enum(['1', '2', '3']);

/** What every ticket can carry when it is created or changed. Names are ServiceNow's own. */
export const ticketFields = {
  description: text.optional(),
  impact: level.optional(),
  urgency: level.optional(),
  category: choice.optional(),
  assignment_group: sysId.optional(),
  assigned_to: sysId.optional(),
  cmdb_ci: sysId.optional(),
  work_notes: text.min(1).describe('seen by the desk only').optional(),
  comments: text.min(1).describe('seen by the caller, who is told').optional(),
};

/** What is read of a ticket. */
export const TICKET_COLUMNS = {
  number: 'text',
  short_description: 'text',
  description: 'text',
  state: 'text',
  priority: 'text',
  impact: 'text',
  urgency: 'text',
  category: 'text',
  assignment_group: 'reference',
  assigned_to: 'reference',
  opened_by: 'reference',
  opened_at: 'text',
  active: 'flag',
  approval: 'text',
  comments: 'journal',
  work_notes: 'journal',
  sys_created_on: 'text',
  sys_updated_on: 'text',
} as const satisfies Columns;

/** The input's texts by column, as they are written. */
export function fieldsOf(input: object, except: readonly string[] = []): Fields {
  const written = Object.entries(input).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && !except.includes(entry[0]),
  );
  return Object.fromEntries(written);
}

const facetSchema = z.object({ customer_visible: z.boolean(), text_length: z.int() });

/** What policies cannot compute themselves: whether the caller gets to see it, and how much text goes in. */
export function ticketFacets<I>(verb: Verb, table: string, fields: (input: I) => Fields) {
  return {
    schema: facetSchema,
    of: (input: I) => ({
      customer_visible: isCustomerVisible(verb, table, fields(input)),
      text_length: textLength(fields(input)),
    }),
  };
}

/** Characters of all values together. */
export function textLength(fields: Fields): number {
  return Object.values(fields).reduce((length, value) => length + value.length, 0);
}
