import type { Clock } from '../../../lib/clock.ts';
import type { IdSource } from '../../../lib/ids.ts';
import type { Authentication } from '../../contract.ts';
import { assertionSigner, type SigningKey } from './assertion-signer.ts';
import { tokenAuthentication } from './token-authentication.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

interface PrivateKeyJwtBase {
  /** `https://…`; also the assertion's audience. May be another origin than the API's, and is locked like it. */
  readonly tokenUrl: string;
  readonly clientId: string;
  /** The `kid` under which the server knows the public key. */
  readonly keyId?: string | undefined;
  readonly scope: string;
  readonly clock: Clock;
  readonly ids?: IdSource | undefined;
}

export type PrivateKeyJwtCredentials = PrivateKeyJwtBase & SigningKey;

/**
 * OAuth 2 client credentials proven by a signed assertion, `private_key_jwt` (RFC 7523 §2.2).
 * Throws CONFIG_INVALID for a key that cannot be read.
 */
export function privateKeyJwtAuthentication(credentials: PrivateKeyJwtCredentials): Authentication {
  const { tokenUrl, clientId, clock, scope } = credentials;
  const claims = { ...credentials, issuer: clientId, subject: clientId, audience: tokenUrl };
  const sign = assertionSigner(credentials, claims);
  return tokenAuthentication({
    tokenUrl,
    clock,
    request: async () => {
      const assertion = await sign();
      const form = {
        grant_type: 'client_credentials',
        scope,
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: assertion,
      };
      return { form, secrets: [assertion] };
    },
  });
}
