import { z } from 'zod';
import { BOUNDS } from '../../../lib/bounds.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type ErrorCode, InterlockError } from '../../../lib/errors.ts';
import type { Authentication, Failure } from '../../contract.ts';
import { createHttpClient } from '../create-http-client.ts';
import type { HttpClient, HttpReply, HttpResult } from '../http-client.ts';
import { retryAfterFrom } from '../rate-limit-hint.ts';
import { createRedactor } from '../redact.ts';

export interface TokenRequest {
  readonly form: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What of it must never be shown. */
  readonly secrets: readonly string[];
}

export interface TokenGrant {
  readonly tokenUrl: string;
  readonly clock: Clock;
  /** Whether the token request may be sent again after it may have been served. */
  readonly repeatable: boolean;
  readonly request: () => Promise<TokenRequest>;
  /** Told of a refresh token that replaces the one just used. */
  readonly rotated?: ((refreshToken: string) => void) | undefined;
}

interface Token {
  readonly headers: Readonly<Record<string, string>>;
  readonly staleAt: number;
}

const EARLY_MS = 30_000;
const EARLY_SHARE = 0.1;
/** For an endpoint that does not say how long its token lives (RFC 6749 §5.1 only recommends it). */
const DEFAULT_LIFETIME_SECONDS = 300;

const tokenReply = z.object({
  access_token: z
    .string()
    .min(1)
    .regex(/^[\x21-\x7e]+$/),
  token_type: z.string().optional(),
  expires_in: z.coerce.number().positive().optional(),
  refresh_token: z.string().min(1).optional(),
});

/** A bearer token that is fetched once for all who wait, kept until shortly before it expires, and dropped when refused. */
export function tokenAuthentication(grant: TokenGrant): Authentication {
  const http = tokenClient(grant);
  let current: Token | undefined;
  let pending: Promise<Token> | undefined;
  return {
    async headers() {
      if (current !== undefined && grant.clock.now() < current.staleAt) return current.headers;
      pending ??= fetchToken(grant, http).finally(() => {
        pending = undefined;
      });
      current = await pending;
      return current.headers;
    },
    refused(headers) {
      // Of many calls that failed with the same token only the first may drop it: the others would drop its successor.
      if (current?.headers['authorization'] === headers['authorization']) current = undefined;
      return true;
    },
  };
}

function tokenClient(grant: TokenGrant): HttpClient {
  return createHttpClient({
    origin: new URL(grant.tokenUrl).origin,
    authentication: { headers: async () => ({}), refused: () => false },
    failureOf: (reply) => tokenFailure(reply, grant.clock),
    timeoutMs: BOUNDS.tokenMs,
    clock: grant.clock,
  });
}

async function fetchToken(grant: TokenGrant, http: HttpClient): Promise<Token> {
  const { secrets, ...request } = await grant.request();
  const { pathname, searchParams } = new URL(grant.tokenUrl);
  const result = await http.send(
    { method: 'POST', path: pathname, query: Object.fromEntries(searchParams), ...request },
    { repeatable: grant.repeatable, signal: new AbortController().signal },
  );
  if (!result.ok) throw tokenError(result, secrets);
  const reply = tokenReply.safeParse(result.reply.body);
  const type = reply.data?.token_type?.toLowerCase() ?? 'bearer';
  if (!reply.success || type !== 'bearer') {
    throw new InterlockError('CREDENTIAL_REFUSED', 'The token endpoint answered without a usable bearer token.');
  }
  if (reply.data.refresh_token !== undefined) grant.rotated?.(reply.data.refresh_token);
  const lifetimeMs = (reply.data.expires_in ?? DEFAULT_LIFETIME_SECONDS) * 1_000;
  return {
    headers: { authorization: `Bearer ${reply.data.access_token}` },
    staleAt: grant.clock.now() + lifetimeMs - Math.min(EARLY_MS, lifetimeMs * EARLY_SHARE),
  };
}

const oauthError = z.object({ error: z.string().regex(/^[\w.-]{1,64}$/) });

function tokenFailure(reply: HttpReply, clock: Clock): Failure | undefined {
  const { status } = reply;
  if (status >= 200 && status < 300) return undefined;
  // Only the code (RFC 6749 §5.2): descriptions may quote the request.
  const named = oauthError.safeParse(reply.body);
  const detail = `The token endpoint answered ${status}${named.success ? ` ${named.data.error}` : ''}.`;
  if (status === 429) return { class: 'rate-limited', detail, retryAfterMs: retryAfterFrom(reply.headers, clock) };
  return { class: status >= 500 ? 'unavailable' : 'credential', detail };
}

const CODES: Readonly<Record<Extract<HttpResult, { ok: false }>['class'], ErrorCode>> = {
  refused: 'CREDENTIAL_REFUSED',
  credential: 'CREDENTIAL_REFUSED',
  'rate-limited': 'RATE_LIMITED',
  unavailable: 'SYSTEM_UNAVAILABLE',
  ambiguous: 'SYSTEM_UNAVAILABLE',
  origin: 'ORIGIN_LOCKED',
  'too-large': 'RESPONSE_TOO_LARGE',
};

function tokenError(result: Extract<HttpResult, { ok: false }>, secrets: readonly string[]): InterlockError {
  const data = result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs };
  return new InterlockError(CODES[result.class], createRedactor(secrets)(result.detail), { data });
}
