import type { Authentication } from '../../src/connector/contract.ts';
import { clientCredentialsAuthentication } from '../../src/connector/http/authentication/client-credentials-authentication.ts';
import { refreshTokenAuthentication } from '../../src/connector/http/authentication/refresh-token-authentication.ts';
import { path } from '../../src/connector/http/path.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { WorkdaySettings } from './settings.ts';

/** OAuth 2 at the tenant's own token endpoint, `/ccx/oauth2/{tenant}/token` [3rd]; the client authenticates by Basic. */
export function authenticationOf(settings: WorkdaySettings, clock: Clock): Authentication {
  const { clientId, clientSecret, refreshToken } = settings;
  const tokenUrl = new URL(path`/ccx/oauth2/${settings.tenant}/token`, settings.origin).href;
  const client = { tokenUrl, clientId, clientSecret, style: 'basic', clock } as const;
  if (settings.grant === 'client-credentials') return clientCredentialsAuthentication(client);
  // The settings' schema has refused this grant without its token.
  return refreshTokenAuthentication({ ...client, refreshToken: refreshToken ?? '' });
}
