import { z } from 'zod';
import type { Failure, FailureClass } from '../../src/connector/contract.ts';
import { errorListFailure } from '../../src/connector/http/failure-inside-success.ts';
import type { HttpCall, HttpReply } from '../../src/connector/http/http-client.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** Errors that each name what they are about, beside results: the outcome of every id is known. */
const perId = z.object({
  errors: z.array(z.object({ id: z.string().min(1) })).min(1),
  resources: z.array(z.unknown()).min(1),
});
/** Only an empty list of results says that nothing was done. */
const nothingDone = z.object({ resources: z.array(z.unknown()).max(0), combined: z.undefined().optional() });

/**
 * How Falcon says no: by a status, and by `errors` inside a 2xx [sdk]. A 2xx that failed for some ids and names them
 * is a success here; the operation tells them apart.
 */
export function crowdstrikeFailureOf(clock: Clock): (reply: HttpReply, call: HttpCall) => Failure | undefined {
  return (reply) => {
    const { status, body, headers } = reply;
    const said = errorListFailure(body);
    const isSuccess = status >= 200 && status < 300;
    if (isSuccess && (said === undefined || perId.safeParse(body).success)) return undefined;
    const detail = said === undefined || said.detail === '' ? `Falcon answered ${status}.` : said.detail;
    if (!isSuccess) return failureBy(status, detail, headers, clock);
    if (!nothingDone.safeParse(body).success) return { class: 'ambiguous', detail };
    return failureBy(Number(said?.code), detail, headers, clock);
  };
}

function failureBy(code: number, detail: string, headers: HttpReply['headers'], clock: Clock): Failure {
  const failed = classOf(code);
  if (failed !== 'rate-limited') return { class: failed, detail };
  // Despite its name, X-RateLimit-RetryAfter is a time in seconds since 1970 [sdk: gofalcon falcon/api_client.go].
  const dialect = { kind: 'epoch', header: 'x-ratelimit-retryafter' } as const;
  return { class: failed, detail, retryAfterMs: retryAfterFrom(headers, clock, dialect) };
}

/** Total: also for a code that is no number. */
function classOf(code: number): FailureClass {
  if (code === 401) return 'credential';
  if (code === 429) return 'rate-limited';
  if (code === 408) return 'ambiguous';
  return code >= 300 && code < 500 ? 'refused' : 'ambiguous';
}
