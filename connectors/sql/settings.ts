import { z } from 'zod';
import type { Authentication } from '../../src/connector/contract.ts';
import { clientCredentialsAuthentication } from '../../src/connector/http/authentication/client-credentials-authentication.ts';
import { headerAuthentication } from '../../src/connector/http/authentication/header-authentication.ts';
import { secretReference } from '../../src/connector/secret-reference.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** One SQL warehouse of a Databricks workspace, and a token or a service principal. */
export const sqlSettings = z
  .strictObject({
    origin: z.url(),
    warehouseId: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
    token: secretReference().optional(),
    clientId: z.string().min(1).optional(),
    clientSecret: secretReference().optional(),
  })
  .refine(
    ({ token, clientId, clientSecret }) =>
      (token === undefined) === (clientId !== undefined && clientSecret !== undefined),
    {
      path: ['token'],
      message: 'give either a token, or clientId and clientSecret',
    },
  );

export type SqlSettings = z.output<typeof sqlSettings>;

export function authenticationOf(
  { origin, token, clientId = '', clientSecret = '' }: SqlSettings,
  clock: Clock,
): Authentication {
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
