import { z } from 'zod';
import { BOUNDS } from '../../../lib/bounds.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type ErrorCode, InterlockError } from '../../../lib/errors.ts';
import type { Failure } from '../../contract.ts';
import { createHttpClient } from '../create-http-client.ts';
import type { HttpReply, HttpResult } from '../http-client.ts';
import { parseEndpoint } from '../origin-lock.ts';
import { retryAfterFrom } from '../rate-limit-hint.ts';
import { createRedactor } from '../redact.ts';

export interface TokenRequest {
  readonly form: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What of it must never be shown. */
  readonly secrets: readonly string[];
}

export interface GrantedToken {
  readonly accessToken: string;
  readonly lifetimeMs: number;
  readonly refreshToken?: string | undefined;
}

type FailedCall = Extract<HttpResult, { readonly ok: false }>;

/** For an endpoint that does not say how long its token lives; RFC 6749 §5.1 only recommends it. */
const DEFAULT_LIFETIME_SECONDS = 300;

const grantedReply = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .default('bearer'),
  expires_in: z.coerce.number().positive().default(DEFAULT_LIFETIME_SECONDS),
  refresh_token: z.string().min(1).optional(),
});

/** RFC 6749 §5.2. Only the code is shown: descriptions may quote the request. */
const deniedReply = z.object({ error: z.string().regex(/^[a-z_]{1,64}$/) });

const CODES: Readonly<Record<FailedCall['class'], ErrorCode>> = {
  refused: 'CREDENTIAL_REFUSED',
  credential: 'CREDENTIAL_REFUSED',
  'rate-limited': 'RATE_LIMITED',
  unavailable: 'SYSTEM_UNAVAILABLE',
  ambiguous: 'SYSTEM_UNAVAILABLE',
  origin: 'ORIGIN_LOCKED',
  'too-large': 'SYSTEM_UNAVAILABLE',
};

/**
 * An OAuth 2 token endpoint, with a lock of its own. What it makes throws CREDENTIAL_REFUSED, RATE_LIMITED (with
 * `retryAfterMs` in its data), SYSTEM_UNAVAILABLE and ORIGIN_LOCKED. It has its own deadline, because many calls may
 * wait for one token and the first to give up must not take it from the others.
 */
export function createTokenEndpoint(tokenUrl: string, clock: Clock): (request: TokenRequest) => Promise<GrantedToken> {
  const { origin, pathname, searchParams } = parseEndpoint(tokenUrl);
  const http = createHttpClient({
    origin,
    authentication: { headers: async () => ({}), refused: () => false },
    failureOf: (reply) => failureOf(reply, clock),
    timeoutMs: BOUNDS.tokenMs,
    clock,
  });
  return async ({ form, headers, secrets }) => {
    const call = { method: 'POST', path: pathname, query: Object.fromEntries(searchParams), form, headers } as const;
    // Asking twice costs a token that nobody uses. Where it costs a rotated refresh token, not asking would cost it too.
    const result = await http.send(call, { repeatable: true, signal: new AbortController().signal });
    if (!result.ok) throw asError(result, secrets);
    return readGrant(result.reply);
  };
}

function readGrant(reply: HttpReply): GrantedToken {
  const granted = grantedReply.safeParse(reply.body);
  if (!granted.success) {
    throw new InterlockError('CREDENTIAL_REFUSED', 'The token endpoint answered without a usable bearer token.');
  }
  const { access_token: accessToken, expires_in: seconds, refresh_token: refreshToken } = granted.data;
  return { accessToken, lifetimeMs: seconds * 1_000, refreshToken };
}

function failureOf({ status, headers, body }: HttpReply, clock: Clock): Failure | undefined {
  if (status >= 200 && status < 300) return undefined;
  const denied = deniedReply.safeParse(body);
  const detail = `The token endpoint answered ${status}${denied.success ? ` ${denied.data.error}` : ''}.`;
  const retryAfterMs = retryAfterFrom(headers, clock);
  if (status === 429) return { class: 'rate-limited', detail, retryAfterMs };
  return status >= 500 ? { class: 'unavailable', detail, retryAfterMs } : { class: 'credential', detail };
}

function asError({ class: failed, detail, retryAfterMs }: FailedCall, secrets: readonly string[]): InterlockError {
  const data = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new InterlockError(CODES[failed], createRedactor(secrets)(detail), { data });
}
