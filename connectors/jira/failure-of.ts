import { z } from 'zod';
import type { Failure } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import { absentDetail, statusClass } from '../../src/connector/http/status-class.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** [spec] ErrorCollection */
const errors = z.object({
  errorMessages: z.array(z.string()).default([]),
  errors: z.record(z.string(), z.string()).default({}),
});

const DETAIL_CHARACTERS = 500;

/** How Jira says no. Total; 404 also where the credential may not look. */
export function jiraFailureOf(clock: Clock): (reply: HttpReply) => Failure | undefined {
  return (reply) => {
    const found = statusClass(reply.status);
    if (found === undefined) return undefined;
    const detail = detailOf(reply);
    if (found !== 'rate-limited') return { class: found, detail };
    return { class: found, detail, retryAfterMs: retryAfterFrom(reply.headers, clock) };
  };
}

function detailOf({ status, body }: HttpReply): string {
  if (status === 404) return absentDetail('It');
  const parsed = errors.safeParse(body);
  const said = parsed.success
    ? [...parsed.data.errorMessages, ...Object.entries(parsed.data.errors).map(([field, what]) => `${field}: ${what}`)]
    : [];
  return (said.join(' ') || `Jira answered ${status}.`).slice(0, DETAIL_CHARACTERS);
}
