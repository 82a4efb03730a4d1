import { type Evidence, type ResourceRef, z } from '../../../connector/index.ts';

/** Where the facts come from: the page of the vendor's documentation, its SDK, a recording. */
export const DOCUMENTED: Evidence = { mark: 'doc', source: 'the page that says so' };

/** Ids are checked before they go into a path. */
export const ticketId = z.string().regex(/^[A-Za-z0-9-]{1,40}$/);

/** What others may see of a ticket; every field that is not named here is stripped. */
export const ticket = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(['open', 'done']),
});

export function ticketOf(id: string): ResourceRef {
  return { type: 'Tracker::Ticket', id };
}
