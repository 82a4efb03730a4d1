import { z } from 'zod';
import type { Authentication } from '../../src/connector/contract.ts';
import { clientCredentialsAuthentication } from '../../src/connector/http/authentication/client-credentials-authentication.ts';
import { headerAuthentication } from '../../src/connector/http/authentication/header-authentication.ts';
import { privateKeyJwtAuthentication } from '../../src/connector/http/authentication/private-key-jwt-authentication.ts';
import { secretReference } from '../../src/connector/secret-reference.ts';
import type { Clock } from '../../src/lib/clock.ts';

const oauth = z
  .strictObject({
    tokenUrl: z.url(),
    clientId: z.string().min(1),
    /** Either a secret, or a key for `private_key_jwt`. */
    clientSecret: secretReference().optional(),
    style: z.enum(['basic', 'form']).default('basic'),
    /** PEM, or a JWK as JSON. */
    privateKey: secretReference().optional(),
    keyId: z.string().min(1).optional(),
    scope: z.string().min(1).optional(),
    /** The resource that the token is for (RFC 8707), where the server wants it named. */
    resource: z.url().optional(),
  })
  .refine(({ clientSecret, privateKey }) => (clientSecret === undefined) !== (privateKey === undefined), {
    error: 'give either clientSecret or privateKey',
  });

/** How this server differs from the letter of RFC 7644. */
const dialect = z.strictObject({
  /** `put`: the server has no PATCH, so resources are read, changed and written whole. */
  update: z.enum(['patch', 'put']).default('patch'),
  /** `text`: booleans go out as "True" and "False", as Entra's provisioning service sends them [3rd]. */
  booleans: z.enum(['json', 'text']).default('json'),
  /** `capitalised`: Add, Remove, Replace [3rd]. */
  verbs: z.enum(['lower', 'capitalised']).default('lower'),
  /** How members are removed: by a filter in the path (RFC 7644 §3.5.2.2), or by a value beside it [3rd]. */
  memberRemoval: z.enum(['filter', 'value']).default('filter'),
});
export type Dialect = z.output<typeof dialect>;

/** One SCIM 2.0 service provider. */
export const scimSettings = z
  .strictObject({
    /** `https://host/scim/v2`, without a slash at its end. */
    baseUrl: z.url().refine((url) => !url.endsWith('/') && !url.includes('?') && !url.includes('#'), {
      error: 'a URL without a slash, a query or a fragment at its end',
    }),
    token: secretReference().optional(),
    oauth: oauth.optional(),
    dialect: dialect.prefault({}),
  })
  .refine((settings) => (settings.token === undefined) !== (settings.oauth === undefined), {
    error: 'give either token or oauth',
  });
export type ScimSettings = z.output<typeof scimSettings>;

/** A bearer token: fixed, or from an OAuth 2.0 token endpoint that the settings alone name. */
export function authenticationOf({ token, oauth }: ScimSettings, clock: Clock): Authentication {
  if (oauth === undefined) return headerAuthentication({ header: 'authorization', value: `Bearer ${token ?? ''}` });
  const { tokenUrl, clientId, clientSecret, style, privateKey = '', keyId, scope, resource } = oauth;
  if (clientSecret !== undefined) {
    const extra = resource === undefined ? undefined : { resource };
    return clientCredentialsAuthentication({
      tokenUrl,
      clientId,
      clientSecret,
      style,
      clock,
      ...(scope === undefined ? {} : { scope }),
      ...(extra === undefined ? {} : { extra }),
    });
  }
  const key = privateKey.trimStart().startsWith('{') ? { jwk: privateKey } : { privateKeyPem: privateKey };
  return privateKeyJwtAuthentication({ ...key, tokenUrl, clientId, keyId, scope: scope ?? '', clock });
}
