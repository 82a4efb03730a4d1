import { z } from 'zod';
import type { Authentication } from '../../src/connector/contract.ts';
import { clientCredentialsAuthentication } from '../../src/connector/http/authentication/client-credentials-authentication.ts';
import { secretReference } from '../../src/connector/secret-reference.ts';
import type { Clock } from '../../src/lib/clock.ts';

export const talkdeskSettings = z.strictObject({
  /** Of the account's region: the United States are the default, others have gateways of their own. */
  origin: z.url().default('https://api.talkdeskapp.com'),
  /** `https://<account>.talkdeskid.com/oauth/token` */
  tokenUrl: z.url(),
  clientId: z.string().min(1),
  clientSecret: secretReference(),
  /** E.g. `callback:write`, `campaigns:write`, `record-lists:manage`. */
  scopes: z.array(z.string().regex(/^[a-z:-]+$/)).default([]),
});

/** Tokens live ten minutes [doc]; the shared runtime asks for the next one in time. */
export function authenticationOf(settings: z.output<typeof talkdeskSettings>, clock: Clock): Authentication {
  const { tokenUrl, clientId, clientSecret, scopes } = settings;
  const scope = scopes.length === 0 ? {} : { scope: scopes.join(' ') };
  return clientCredentialsAuthentication({ tokenUrl, clientId, clientSecret, style: 'basic', ...scope, clock });
}
