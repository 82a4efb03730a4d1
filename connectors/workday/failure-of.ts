import { z } from 'zod';
import type { Failure } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** `ERROR_MODEL_REFERENCE` and `VALIDATION_ERROR_MODEL_REFERENCE` of every REST description. */
const errorModel = z.object({
  error: z.string(),
  errors: z.array(z.object({ error: z.string() })).optional(),
});

/**
 * Reads every reply. Documented are 200, 201, 400, 401, 403, 404 and `default` [spec]; 429 with Retry-After is what third
 * parties report [3rd]. Whatever else Workday may answer counts as possibly applied, unless HTTP itself says it was not.
 */
export function failureOf(reply: HttpReply, clock: Clock): Failure | undefined {
  const { status } = reply;
  if (status >= 200 && status < 300) return undefined;
  const detail = detailOf(reply);
  if (status === 401) return { class: 'credential', detail };
  if (status === 429) return { class: 'rate-limited', detail, retryAfterMs: retryAfterFrom(reply.headers, clock) };
  if (status >= 400 && status < 500 && status !== 408) return { class: 'refused', detail };
  return { class: 'ambiguous', detail };
}

function detailOf({ status, body }: HttpReply): string {
  const parsed = errorModel.safeParse(body);
  if (!parsed.success) return `Workday answered ${status} without an error of its own.`;
  const { error, errors = [] } = parsed.data;
  return [error, ...errors.map((each) => each.error)].join(' ').slice(0, 2_000);
}
