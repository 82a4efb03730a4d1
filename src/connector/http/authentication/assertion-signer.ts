import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../../../lib/clock.ts';
import { InterlockError } from '../../../lib/errors.ts';
import { type IdSource, randomIds } from '../../../lib/ids.ts';

const ASSERTION_SECONDS = 300;
const EC_ALGORITHMS: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' };

/** The key as PEM (PKCS #8 or PKCS #1) or as a JWK. RSA signs RS256, elliptic curves ES256, ES384 or ES512. */
export type SigningKey =
  | { readonly privateKeyPem: string }
  | { readonly jwk: Readonly<Record<string, unknown>> | string };

export interface AssertionClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** The `kid` under which the server knows the public key. */
  readonly keyId?: string | undefined;
  readonly clock: Clock;
  readonly ids?: IdSource | undefined;
}

/** Signs a new assertion (RFC 7523 §3) whenever it is asked. Throws CONFIG_INVALID for a key that cannot be read. */
export function assertionSigner(signingKey: SigningKey, claims: AssertionClaims): () => Promise<string> {
  const { issuer, subject, audience, keyId, clock, ids = randomIds() } = claims;
  const key = readKey(signingKey);
  const header = { alg: algorithmOf(key), ...(keyId === undefined ? {} : { kid: keyId }) };
  return async () => {
    const { SignJWT } = await import('jose');
    const issuedAt = Math.floor(clock.now() / 1_000);
    return new SignJWT({ jti: ids.id('jti') })
      .setProtectedHeader(header)
      .setIssuer(issuer)
      .setSubject(subject)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ASSERTION_SECONDS)
      .sign(key);
  };
}

function readKey(credentials: SigningKey): KeyObject {
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
