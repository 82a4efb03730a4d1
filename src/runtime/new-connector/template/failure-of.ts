import { type Clock, type Failure, type HttpReply, retryAfterFrom } from '../../../connector/index.ts';

/**
 * How the system says no. Total: a status that nobody foresaw is `ambiguous`, because it may have happened. What is not
 * known to have been refused is never called refused.
 */
export function failureOf(clock: Clock): (reply: HttpReply) => Failure | undefined {
  return ({ status, headers }) => {
    if (status >= 200 && status < 300) return undefined;
    const detail = `Tracker answered ${status}.`;
    if (status === 401) return { class: 'credential', detail };
    if (status === 429) return { class: 'rate-limited', detail, retryAfterMs: retryAfterFrom(headers, clock) };
    return { class: status < 500 && status !== 408 ? 'refused' : 'ambiguous', detail };
  };
}
