import type { Clock } from '../../../lib/clock.ts';
import type { Authentication } from '../../contract.ts';
import { withClient } from './client-credentials-authentication.ts';
import { tokenAuthentication } from './token-authentication.ts';

export interface RefreshTokenCredentials {
  /** `https://…`; may be another origin than the API's, and is locked like it. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  /** Where id and secret go: in a Basic header, or as form fields. */
  readonly style: 'basic' | 'form';
  readonly scope?: string | undefined;
  readonly clock: Clock;
}

/**
 * OAuth 2 refresh token grant (RFC 6749 §6). A new refresh token that comes with an access token is used from then on,
 * but only by this process: configure one that does not rotate.
 */
export function refreshTokenAuthentication(credentials: RefreshTokenCredentials): Authentication {
  let { refreshToken } = credentials;
  const scope = credentials.scope === undefined ? {} : { scope: credentials.scope };
  return tokenAuthentication({
    tokenUrl: credentials.tokenUrl,
    clock: credentials.clock,
    request: async () => ({
      ...withClient(credentials, { grant_type: 'refresh_token', refresh_token: refreshToken, ...scope }),
      secrets: [credentials.clientSecret, refreshToken],
    }),
    rotated: (next) => {
      refreshToken = next;
    },
  });
}
