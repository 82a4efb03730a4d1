import { z } from 'zod';
import type { Failure } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import { statusClass } from '../../src/connector/http/status-class.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** [spec] ErrorResponse; Databricks puts `error_code` and `message` on top [sdk]. */
const modelError = z.union([
  z.object({ error: z.object({ message: z.string(), type: z.string().nullish(), code: z.string().nullish() }) }),
  z.object({ error_code: z.string(), message: z.string() }).transform(({ error_code: code, message }) => ({
    error: { message, type: undefined, code },
  })),
]);

const DETAIL_CHARACTERS = 500;
/** Which of the two windows is used up; its end is told as a duration, `8.64s` or `1ms` [rec]. */
const WINDOWS = ['requests', 'tokens'] as const;

/** How a model server says no: total, so that a status nobody foresaw counts as one after which anything may have happened. */
export function modelsFailureOf(clock: Clock): (reply: HttpReply) => Failure | undefined {
  return (reply) => {
    const classified = statusClass(reply.status);
    if (classified === undefined) return undefined;
    const parsed = modelError.safeParse(reply.body);
    const error = parsed.data?.error;
    const said = error === undefined ? `The model server answered ${reply.status}.` : error.message;
    const detail = `${error?.code ?? error?.type ?? reply.status}: ${said}`.slice(0, DETAIL_CHARACTERS);
    // Nothing will refill it by itself: "You exceeded your current quota" [doc].
    if (error?.code === 'insufficient_quota') return { class: 'refused', detail };
    if (classified !== 'rate-limited') return { class: classified, detail };
    return { class: classified, detail, retryAfterMs: waitMs(reply, clock) };
  };
}

function waitMs({ headers }: HttpReply, clock: Clock): number | undefined {
  const exact = headers['retry-after-ms'];
  if (exact !== undefined && /^\d+(?:\.\d+)?$/.test(exact)) return Math.ceil(Number(exact));
  const waits = WINDOWS.filter((window) => headers[`x-ratelimit-remaining-${window}`] === '0').flatMap(
    (window) => retryAfterFrom(headers, clock, { kind: 'duration', header: `x-ratelimit-reset-${window}` }) ?? [],
  );
  return retryAfterFrom(headers, clock) ?? (waits.length === 0 ? undefined : Math.max(...waits));
}
