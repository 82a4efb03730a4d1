import type { Failure } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { isJsonObject } from '../../src/lib/json.ts';

const LONGEST_DETAIL = 300;

/**
 * ServiceNow's ways to say no: `{ error: { message, detail }, status: 'failure' }` [doc: c_RESTAPI.md], also inside a 200
 * where a transaction was cancelled midway, and pages of HTML where the instance sleeps or a proxy answers.
 */
export function failureOf(clock: Clock): (reply: HttpReply) => Failure | undefined {
  return (reply) => {
    const { status, headers, body } = reply;
    const detail = detailOf(reply);
    if (status === 204) return undefined;
    if (status >= 200 && status < 300) return hasResult(body) ? undefined : { class: 'ambiguous', detail };
    if (status === 401) return { class: 'credential', detail };
    if (status === 429) {
      const retryAfterMs =
        retryAfterFrom(headers, clock) ??
        retryAfterFrom(headers, clock, { kind: 'epoch', header: 'x-ratelimit-reset' });
      return { class: 'rate-limited', detail, retryAfterMs };
    }
    // 408: the server gave up on a request that it may have begun.
    if (status >= 300 && status < 500 && status !== 408) return { class: 'refused', detail };
    return { class: 'ambiguous', detail, retryAfterMs: retryAfterFrom(headers, clock) };
  };
}

function hasResult(body: unknown): boolean {
  return isJsonObject(body) && body['result'] !== undefined && body['error'] === undefined;
}

function detailOf({ status, body }: HttpReply): string {
  const error = isJsonObject(body) ? body['error'] : undefined;
  if (!isJsonObject(error)) return `ServiceNow answered ${status}.`;
  const words = [error['message'], error['detail']].filter(
    (word): word is string => typeof word === 'string' && word !== '',
  );
  return `ServiceNow answered ${status}: ${words.join(': ')}`.slice(0, LONGEST_DETAIL);
}
