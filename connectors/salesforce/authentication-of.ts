import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { Authentication } from '../../src/connector/contract.ts';
import { clientCredentialsAuthentication } from '../../src/connector/http/authentication/client-credentials-authentication.ts';
import { tokenAuthentication } from '../../src/connector/http/authentication/token-authentication.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import type { SalesforceSettings } from './settings.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** Salesforce wants an assertion that ends within minutes [doc]. */
const ASSERTION_SECONDS = 180;

/**
 * OAuth 2 at the org's own `/services/oauth2/token` [doc]. Its answer names an instance; that name is not followed: the
 * origin of the settings stays the only one. Throws CONFIG_INVALID for a key that cannot be read.
 */
export function authenticationOf(settings: SalesforceSettings, clock: Clock): Authentication {
  const { clientId, clientSecret, privateKey, username = '', audience } = settings;
  const tokenUrl = new URL('/services/oauth2/token', settings.origin).href;
  if (clientSecret !== undefined)
    return clientCredentialsAuthentication({ tokenUrl, clientId, clientSecret, style: 'form', clock });
  const key = readKey(privateKey ?? '');
  return tokenAuthentication({
    tokenUrl,
    clock,
    request: async () => {
      const { SignJWT } = await import('jose');
      const assertion = await new SignJWT({})
        .setProtectedHeader({ alg: 'RS256' })
        .setIssuer(clientId)
        .setSubject(username)
        .setAudience(audience)
        .setExpirationTime(Math.floor(clock.now() / 1_000) + ASSERTION_SECONDS)
        .sign(key);
      return { form: { grant_type: JWT_BEARER, assertion }, secrets: [assertion] };
    },
  });
}

function readKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // No cause: a parser's message may quote the key.
  }
  throw new InterlockError('CONFIG_INVALID', 'The private key of the connected app is no RSA key in PEM.');
}
