import type { Clock } from '../../../lib/clock.ts';
import type { Authentication } from '../../contract.ts';
import { createTokenEndpoint, type TokenRequest } from './token-endpoint.ts';

export interface TokenGrant {
  readonly tokenUrl: string;
  readonly clock: Clock;
  /** Asked anew for each token: assertions expire, refresh tokens rotate. */
  readonly request: () => Promise<TokenRequest>;
  /** Told of a refresh token that replaces the one just used. */
  readonly rotated?: ((refreshToken: string) => void) | undefined;
}

interface Token {
  readonly headers: Readonly<Record<string, string>>;
  readonly staleAt: number;
}

/** A token is renewed this long before it expires, so that it does not expire on its way. */
const EARLY_MS = 30_000;
/** Or this share of its lifetime, where it lives shorter than that. */
const EARLY_SHARE = 0.1;

/**
 * A bearer token (RFC 6750) that is fetched once for all who wait, kept until shortly before it expires, and dropped
 * when it is refused. Throws CONFIG_INVALID for an address that is none.
 */
export function tokenAuthentication({ tokenUrl, clock, request, rotated }: TokenGrant): Authentication {
  const fetchToken = createTokenEndpoint(tokenUrl, clock);
  let current: Token | undefined;
  let pending: Promise<Token> | undefined;

  async function renew(): Promise<Token> {
    try {
      const { accessToken, lifetimeMs, refreshToken } = await fetchToken(await request());
      if (refreshToken !== undefined) rotated?.(refreshToken);
      const staleAt = clock.now() + lifetimeMs - Math.min(EARLY_MS, lifetimeMs * EARLY_SHARE);
      current = { headers: { authorization: `Bearer ${accessToken}` }, staleAt };
      return current;
    } finally {
      pending = undefined;
    }
  }

  return {
    async headers() {
      if (current !== undefined && clock.now() < current.staleAt) return current.headers;
      pending ??= renew();
      return (await pending).headers;
    },
    refused(headers) {
      // Of many calls that failed with the same token only the first may drop it: the others would drop its successor.
      if (current?.headers['authorization'] === headers['authorization']) current = undefined;
      return true;
    },
  };
}
