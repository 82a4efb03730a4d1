import { z } from 'zod';
import type { Failure } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import { statusClass } from '../../src/connector/http/status-class.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** [doc] `{ code, message, description, fields }`; SCIM's paths answer `{ detail, status }` (RFC 7644 §3.12). */
const talkdeskError = z.object({ code: z.string().default(''), message: z.string().default('') });
const scimError = z.object({ detail: z.string(), scimType: z.string().default('') });

const DETAIL_CHARACTERS = 500;
/** "retry within the next second" [doc] */
const WAIT_MS = 1_000;

/** How Talkdesk says no: total. */
export function talkdeskFailureOf(clock: Clock): (reply: HttpReply) => Failure | undefined {
  return (reply) => {
    const found = statusClass(reply.status);
    if (found === undefined) return undefined;
    const detail = detailOf(reply).slice(0, DETAIL_CHARACTERS);
    if (found !== 'rate-limited') return { class: found, detail };
    return { class: found, detail, retryAfterMs: retryAfterFrom(reply.headers, clock) ?? WAIT_MS };
  };
}

function detailOf({ status, body }: HttpReply): string {
  const scim = scimError.safeParse(body);
  if (scim.success) return [scim.data.scimType, scim.data.detail].filter((text) => text !== '').join(': ');
  const parsed = talkdeskError.safeParse(body);
  const said = parsed.success ? [parsed.data.code, parsed.data.message].filter((text) => text !== '').join(': ') : '';
  return said === '' ? `Talkdesk answered ${status}.` : said;
}
