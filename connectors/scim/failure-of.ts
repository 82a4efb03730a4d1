import { z } from 'zod';
import type { Failure, FailureClass } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** RFC 7644 §3.12. `status` is a text there, and a number at some servers. */
export const scimError = z.object({
  schemas: z.array(z.string()).refine((schemas) => schemas.includes('urn:ietf:params:scim:api:messages:2.0:Error')),
  status: z.union([z.string(), z.number()]).optional(),
  scimType: z.string().max(64).optional(),
  detail: z.string().optional(),
});

const DETAIL_CHARACTERS = 500;

/** How a service provider says no: total, so that a status nobody foresaw counts as one after which anything may have happened. */
export function scimFailureOf(clock: Clock): (reply: HttpReply) => Failure | undefined {
  return (reply) => {
    if (reply.status >= 200 && reply.status < 300) return undefined;
    const failure = classOf(reply.status);
    const detail = detailOf(reply);
    return failure === 'rate-limited'
      ? { class: failure, detail, retryAfterMs: retryAfterFrom(reply.headers, clock) }
      : { class: failure, detail };
  };
}

/** An error's own words, also where it stands inside a bulk response. */
export function detailOf({ status, body }: Pick<HttpReply, 'status' | 'body'>): string {
  const parsed = scimError.safeParse(body);
  if (!parsed.success) return `The SCIM service answered ${status}.`;
  const { scimType, detail } = parsed.data;
  return [scimType ?? String(status), detail ?? ''].join(': ').slice(0, DETAIL_CHARACTERS);
}

export function classOf(status: number): FailureClass {
  if (status === 401) return 'credential';
  if (status === 429) return 'rate-limited';
  // Not implemented (RFC 7644 §3.12): it cannot have happened.
  if (status === 501) return 'refused';
  if (status >= 500 || status === 408) return 'ambiguous';
  return 'refused';
}
