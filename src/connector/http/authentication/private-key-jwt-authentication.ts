import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../../../lib/clock.ts';
import { InterlockError } from '../../../lib/errors.ts';
import { type IdSource, randomIds } from '../../../lib/ids.ts';
import type { Authentication } from '../../contract.ts';
import { tokenAuthentication } from './token-authentication.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const ASSERTION_SECONDS = 300;
const EC_ALGORITHMS: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' };

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

/** The key as PEM (PKCS #8 or PKCS #1) or as a JWK. RSA signs RS256, elliptic curves ES256, ES384 or ES512. */
export type PrivateKeyJwtCredentials = PrivateKeyJwtBase &
  ({ readonly privateKeyPem: string } | { readonly jwk: Readonly<Record<string, unknown>> | string });

/**
 * OAuth 2 client credentials proven by a signed assertion, `private_key_jwt` (RFC 7523 §2.2).
 * Throws CONFIG_INVALID for a key that cannot be read.
 */
export function privateKeyJwtAuthentication(credentials: PrivateKeyJwtCredentials): Authentication {
  const { tokenUrl, clientId, clock, scope, ids = randomIds() } = credentials;
  const key = readKey(credentials);
  const header = { alg: algorithmOf(key), ...(credentials.keyId === undefined ? {} : { kid: credentials.keyId }) };
  return tokenAuthentication({
    tokenUrl,
    clock,
    request: async () => {
      const { SignJWT } = await import('jose');
      const issuedAt = Math.floor(clock.now() / 1_000);
      const assertion = await new SignJWT({ jti: ids.id('jti') })
        .setProtectedHeader(header)
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(tokenUrl)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + ASSERTION_SECONDS)
        .sign(key);
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

function readKey(credentials: PrivateKeyJwtCredentials): KeyObject {
  try {
    if ('privateKeyPem' in credentials) return createPrivateKey(credentials.privateKeyPem);
    const { jwk } = credentials;
    // createPrivateKey checks the shape itself and throws for what is no key.
    const parsed = (typeof jwk === 'string' ? JSON.parse(jwk) : jwk) as JsonWebKey;
    return createPrivateKey({ key: parsed, format: 'jwk' });
  } catch {
    // No cause: a parser's message may quote the key.
    throw new InterlockError('CONFIG_INVALID', 'The private key for the token endpoint is neither PEM nor a JWK.');
  }
}

function algorithmOf(key: KeyObject): string {
  if (key.asymmetricKeyType === 'rsa') return 'RS256';
  const algorithm = EC_ALGORITHMS[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (key.asymmetricKeyType === 'ec' && algorithm !== undefined) return algorithm;
  throw new InterlockError(
    'CONFIG_INVALID',
    'The private key for the token endpoint must be RSA or on P-256, P-384 or P-521.',
  );
}
