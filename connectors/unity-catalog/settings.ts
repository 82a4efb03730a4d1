import { z } from 'zod';
import type { Authentication } from '../../src/connector/contract.ts';
import { clientCredentialsAuthentication } from '../../src/connector/http/authentication/client-credentials-authentication.ts';
import { headerAuthentication } from '../../src/connector/http/authentication/header-authentication.ts';
import { secretReference } from '../../src/connector/secret-reference.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** One workspace, and a personal token or a service principal. */
export const databricksSettings = z
  .strictObject({
    /** Of the workspace, e.g. `https://dbc-1234.cloud.databricks.com`. */
    origin: z.url(),
    /** A personal access token; it has all rights of the person who made it. */
    token: secretReference().optional(),
    /** A service principal (OAuth M2M). */
    clientId: z.string().min(1).optional(),
    clientSecret: secretReference().optional(),
  })
  .refine(
    ({ token, clientId, clientSecret }) =>
      token === undefined
        ? clientId !== undefined && clientSecret !== undefined
        : clientId === undefined && clientSecret === undefined,
    { path: ['token'], message: 'give either a token, or clientId and clientSecret' },
  );

/** A bearer token, or one from the workspace's token endpoint with the scope `all-apis` [sdk]. */
export function authenticationOf(settings: z.output<typeof databricksSettings>, clock: Clock): Authentication {
  const { origin, token, clientId = '', clientSecret = '' } = settings;
  if (token !== undefined) return headerAuthentication({ header: 'authorization', value: `Bearer ${token}` });
  const tokenUrl = new URL('/oidc/v1/token', origin).href;
  return clientCredentialsAuthentication({
    tokenUrl,
    clientId,
    clientSecret,
    style: 'basic',
    scope: 'all-apis',
    clock,
  });
}
