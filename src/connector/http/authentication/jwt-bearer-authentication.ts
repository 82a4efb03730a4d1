import type { Clock } from '../../../lib/clock.ts';
import type { IdSource } from '../../../lib/ids.ts';
import type { Authentication } from '../../contract.ts';
import { assertionSigner, type SigningKey } from './assertion-signer.ts';
import { tokenAuthentication } from './token-authentication.ts';

interface JwtBearerBase {
  /** `https://…`; may be another origin than the API's, and is locked like it. */
  readonly tokenUrl: string;
  /** Who the server knows the key of, e.g. a connected app's client id. */
  readonly issuer: string;
  /** For whom the token is, e.g. an integration user's name. */
  readonly subject: string;
  /** Default: the token URL. Some servers want another name of theirs. */
  readonly audience?: string | undefined;
  readonly keyId?: string | undefined;
  readonly scope?: string | undefined;
  readonly clock: Clock;
  readonly ids?: IdSource | undefined;
}

export type JwtBearerCredentials = JwtBearerBase & SigningKey;

/** The JWT bearer grant (RFC 7523 §2.1): a signed assertion is the grant. Throws CONFIG_INVALID for a key that cannot be read. */
export function jwtBearerAuthentication(credentials: JwtBearerCredentials): Authentication {
  const { tokenUrl, clock, scope, audience = tokenUrl } = credentials;
  const sign = assertionSigner(credentials, { ...credentials, audience });
  return tokenAuthentication({
    tokenUrl,
    clock,
    request: async () => {
      const assertion = await sign();
      const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
      return { form: scope === undefined ? form : { ...form, scope }, secrets: [assertion] };
    },
  });
}
