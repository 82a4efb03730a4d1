import { z } from 'zod';
import type { Failure, FailureClass } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** [doc] `message` is for people and must not be parsed; `code` is for programs. */
export const graphError = z.object({
  error: z.object({ code: z.string().max(128), message: z.string().default('') }),
});

const DETAIL_CHARACTERS = 500;

/** Codes that mean something else than their status does [doc: errors, throttling]. */
const BY_CODE: ReadonlyMap<string, FailureClass> = new Map([
  ['InvalidAuthenticationToken', 'credential'],
  ['TooManyRequests', 'rate-limited'],
  ['activityLimitReached', 'rate-limited'],
  ['Directory_ConcurrencyViolation', 'unavailable'],
]);

/** How Graph says no: total, so that a status nobody foresaw counts as one after which anything may have happened. */
export function entraFailureOf(clock: Clock): (reply: HttpReply) => Failure | undefined {
  return (reply) => {
    if (reply.status >= 200 && reply.status < 300) return undefined;
    const parsed = graphError.safeParse(reply.body);
    const detail = parsed.success
      ? `${parsed.data.error.code}: ${parsed.data.error.message}`.slice(0, DETAIL_CHARACTERS)
      : `Microsoft Graph answered ${reply.status}.`;
    const byCode = parsed.success ? BY_CODE.get(parsed.data.error.code) : undefined;
    const classified = classOf(reply.status, byCode);
    return classified === 'rate-limited'
      ? { class: classified, detail, retryAfterMs: retryAfterFrom(reply.headers, clock) }
      : { class: classified, detail };
  };
}

function classOf(status: number, byCode: FailureClass | undefined): FailureClass {
  // 509 is the bandwidth limit, which Graph answers like 429 [doc].
  if (status === 429 || status === 509) return 'rate-limited';
  if (status >= 500 || status === 408) return 'ambiguous';
  if (status === 401) return 'credential';
  return byCode ?? 'refused';
}
