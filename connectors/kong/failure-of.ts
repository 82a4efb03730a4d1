import { z } from 'zod';
import type { Failure, FailureClass } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** [mem] `{ message, name, code, fields }`; what `fields` quotes is what was sent. */
const kongError = z.object({ message: z.string(), name: z.string().default('') });

const DETAIL_CHARACTERS = 500;

/** How the Admin API says no: total, so that a status nobody foresaw counts as one after which anything may have happened. */
export function kongFailureOf(clock: Clock): (reply: HttpReply) => Failure | undefined {
  return (reply) => {
    if (reply.status >= 200 && reply.status < 300) return undefined;
    const parsed = kongError.safeParse(reply.body);
    const said = parsed.success
      ? `${parsed.data.name} ${parsed.data.message}`.trim()
      : `Kong answered ${reply.status}.`;
    const failure = { class: classOf(reply.status), detail: said.slice(0, DETAIL_CHARACTERS) };
    return failure.class === 'rate-limited'
      ? { ...failure, retryAfterMs: retryAfterFrom(reply.headers, clock) }
      : failure;
  };
}

/** Kong limits nobody itself; a proxy in front of it can. After a 5xx nobody knows whether the database has the change. */
function classOf(status: number): FailureClass {
  if (status === 401) return 'credential';
  if (status === 429) return 'rate-limited';
  if (status >= 400 && status < 500 && status !== 408) return 'refused';
  return 'ambiguous';
}
