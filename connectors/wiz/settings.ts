import { z } from 'zod';
import type { Authentication } from '../../src/connector/contract.ts';
import { clientCredentialsAuthentication } from '../../src/connector/http/authentication/client-credentials-authentication.ts';
import { secretReference } from '../../src/connector/secret-reference.ts';
import type { Clock } from '../../src/lib/clock.ts';

export const wizSettings = z.strictObject({
  /** Of the tenant's data centre, `https://api.<dc>.app.wiz.io`. */
  origin: z.url(),
  /** `https://auth.app.wiz.io/oauth/token`; government and legacy tenants have others. */
  tokenUrl: z.url().default('https://auth.app.wiz.io/oauth/token'),
  /** `wiz-api`; `beyond-api` for the legacy token endpoint. */
  audience: z.string().min(1).default('wiz-api'),
  clientId: z.string().min(1),
  clientSecret: secretReference(),
});

export function authenticationOf(settings: z.output<typeof wizSettings>, clock: Clock): Authentication {
  const { tokenUrl, clientId, clientSecret, audience } = settings;
  return clientCredentialsAuthentication({
    tokenUrl,
    clientId,
    clientSecret,
    style: 'form',
    extra: { audience },
    clock,
  });
}
