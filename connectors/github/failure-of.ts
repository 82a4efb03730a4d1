import { z } from 'zod';
import type { Failure } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** [spec] basic-error */
const githubError = z.object({ message: z.string(), documentation_url: z.string().default('') });

const DETAIL_CHARACTERS = 500;
/** "wait for at least one minute before retrying" where no header says more [doc: secondary rate limits]. */
const SECONDARY_WAIT_MS = 60_000;

/** How GitHub says no: total, so that a status nobody foresaw counts as one after which anything may have happened. */
export function githubFailureOf(clock: Clock): (reply: HttpReply) => Failure | undefined {
  return (reply) => {
    const { status } = reply;
    if (status >= 200 && status < 300) return undefined;
    const parsed = githubError.safeParse(reply.body);
    const said = parsed.success ? parsed.data.message : `GitHub answered ${status}.`;
    if (isLimit(reply, said))
      return { class: 'rate-limited', detail: cut(said), retryAfterMs: waitMs(reply, clock) ?? SECONDARY_WAIT_MS };
    if (status === 404)
      return { class: 'refused', detail: cut(`${said}: there is none, or this token may not see it.`) };
    if (status === 401) return { class: 'credential', detail: cut(said) };
    if (status === 408 || status >= 500 || status < 400) return { class: 'ambiguous', detail: cut(said) };
    return { class: 'refused', detail: cut(said) };
  };
}

/** 403 is a refusal, or a limit: the primary one has nothing remaining, the secondary one says when, or says so [doc]. */
function isLimit({ status, headers }: HttpReply, said: string): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    headers['x-ratelimit-remaining'] === '0' ||
    headers['retry-after'] !== undefined ||
    /secondary rate limit|abuse detection/i.test(said)
  );
}

function waitMs({ headers }: HttpReply, clock: Clock): number | undefined {
  const after = retryAfterFrom(headers, clock);
  if (after !== undefined || headers['x-ratelimit-remaining'] !== '0') return after;
  return retryAfterFrom(headers, clock, { kind: 'epoch', header: 'x-ratelimit-reset' });
}

function cut(text: string): string {
  return text.slice(0, DETAIL_CHARACTERS);
}
