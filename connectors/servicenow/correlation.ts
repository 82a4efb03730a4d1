import { sha256 } from '../../src/lib/digest.ts';

/** What fits `correlation_id` (100 characters [mem]) and means nothing inside an encoded query. */
const PLAIN = /^[A-Za-z0-9._-]{1,100}$/;

/** The mark of an action on the ticket it creates: its id, or the id's digest where the id is no plain value. */
export function correlationOf(actionId: string): string {
  return PLAIN.test(actionId) ? actionId : sha256(actionId).slice('sha256:'.length);
}
