import {
  absentDetail,
  type Clock,
  type Failure,
  type HttpReply,
  retryAfterFrom,
  statusClass,
  z,
} from '../../src/connector/index.ts';

/** "There may be exceptional scenarios where an application receives a 429 without the rate limit headers." */
const WINDOW_MS = 60_000;

const refusal = z.object({
  error: z.object({ message: z.string(), errors: z.array(z.string()).optional(), code: z.number().optional() }),
});

/** `{ error: { message, code, errors } }` beside a status; what nobody foresaw is `ambiguous`, because it may have happened. */
export function failureOf(clock: Clock): (reply: HttpReply) => Failure | undefined {
  return ({ status, headers, body }) => {
    const failure = statusClass(status);
    if (failure === undefined) return undefined;
    if (failure === 'rate-limited') {
      const dialect = { kind: 'seconds', header: 'ratelimit-reset', defaultMs: WINDOW_MS } as const;
      return { class: failure, detail: 'Too many requests.', retryAfterMs: retryAfterFrom(headers, clock, dialect) };
    }
    const said = refusal.safeParse(body);
    if (said.success) return { class: failure, detail: wordsOf(said.data.error) };
    return { class: failure, detail: status === 404 ? absentDetail('It') : `PagerDuty answered ${status}.` };
  };
}

function wordsOf({ message, errors = [] }: z.output<typeof refusal>['error']): string {
  return [message, ...errors].join(': ').slice(0, 500);
}
