import { z } from 'zod';
import type { Failure } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import { statusClass } from '../../src/connector/http/status-class.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** [sdk] The words may quote the statement, so only the code goes on. */
const refusal = z
  .object({
    error_code: z
      .string()
      .regex(/^[A-Z_]{1,64}$/)
      .catch(''),
  })
  .catch({ error_code: '' });
const QUOTA: ReadonlySet<string> = new Set(['RESOURCE_EXHAUSTED', 'REQUEST_LIMIT_EXCEEDED']);

/** How the API says no; a statement that failed is a success here and says so in its state. */
export function sqlFailureOf(clock: Clock): (reply: HttpReply) => Failure | undefined {
  return ({ status, headers, body }) => {
    const byStatus = statusClass(status);
    if (byStatus === undefined) return undefined;
    const { error_code: code } = refusal.parse(body);
    const detail = `The warehouse answered ${status}${code === '' ? '' : ` ${code}`}.`;
    if (byStatus !== 'rate-limited' && !QUOTA.has(code)) return { class: byStatus, detail };
    return {
      class: 'rate-limited',
      detail,
      retryAfterMs: retryAfterFrom(headers, clock, { kind: 'retry-after', defaultMs: 1_000 }),
    };
  };
}
