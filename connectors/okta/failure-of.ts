import { z } from 'zod';
import type { Failure, FailureClass } from '../../src/connector/contract.ts';
import type { HttpCall, HttpReply } from '../../src/connector/http/http-client.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** [spec] Error. `errorId` is for Okta's support, `errorLink` repeats the code. */
const oktaError = z.object({
  errorCode: z.string().max(32),
  errorSummary: z.string().default(''),
  errorId: z.string().default(''),
  errorCauses: z.array(z.object({ errorSummary: z.string().default('') })).default([]),
});

const DETAIL_CHARACTERS = 500;

/** Codes that mean something else than their status does [doc, error codes]. */
const BY_CODE: ReadonlyMap<string, FailureClass> = new Map([
  ['E0000005', 'credential'], // 403: the session is not valid
  ['E0000010', 'unavailable'], // 503: the service is in read only mode
  ['E0000015', 'refused'], // 401: the org does not have the feature
  ['E0000060', 'refused'], // 501: the operation does not exist for this kind of thing
  ['E0000100', 'unavailable'], // 503: the search is not available
  ['E0000112', 'unavailable'], // 409: the user is still being activated, "retry in a few minutes"
  ['E0000239', 'unavailable'], // 423: policy priorities are being reconciled, "Try again later"
  ['E0000268', 'unavailable'], // 409: another request is changing role assignments, "Try again"
]);

/** How Okta says no: total, so that a status nobody foresaw counts as one after which anything may have happened. */
export function oktaFailureOf(clock: Clock): (reply: HttpReply, call: HttpCall) => Failure | undefined {
  return (reply) => {
    if (reply.status >= 200 && reply.status < 300) return undefined;
    const parsed = oktaError.safeParse(reply.body);
    const classified = (parsed.success ? BY_CODE.get(parsed.data.errorCode) : undefined) ?? classOf(reply.status);
    const detail = parsed.success ? detailOf(parsed.data) : `Okta answered ${reply.status}.`;
    return {
      class: classified,
      detail,
      ...(classified === 'rate-limited' ? { retryAfterMs: waitMs(reply, clock) } : {}),
    };
  };
}

function classOf(status: number): FailureClass {
  if (status === 401) return 'credential';
  if (status === 429) return 'rate-limited';
  if (status === 408) return 'ambiguous';
  return status >= 300 && status < 500 ? 'refused' : 'ambiguous';
}

/** Okta has no Retry-After: the header says when the window ends, in seconds since 1970, and the SDK adds one. */
function waitMs({ headers }: HttpReply, clock: Clock): number | undefined {
  const untilResetMs = retryAfterFrom(headers, clock, { kind: 'epoch', header: 'x-rate-limit-reset' });
  return untilResetMs === undefined ? undefined : untilResetMs + 1_000;
}

function detailOf({ errorCode, errorSummary, errorId, errorCauses }: z.output<typeof oktaError>): string {
  const causes = errorCauses.map((cause) => cause.errorSummary).filter((text) => text !== '');
  const text = [`${errorCode}: ${errorSummary}`, ...causes].join('; ').slice(0, DETAIL_CHARACTERS);
  return errorId === '' ? text : `${text} (${errorId.slice(0, 64)})`;
}
