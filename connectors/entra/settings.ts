import { z } from 'zod';
import type { Authentication } from '../../src/connector/contract.ts';
import { clientCredentialsAuthentication } from '../../src/connector/http/authentication/client-credentials-authentication.ts';
import { secretReference } from '../../src/connector/secret-reference.ts';
import type { Clock } from '../../src/lib/clock.ts';

const domain = z.string().regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, 'a domain in lower case');

/** One tenant, and the app registration that Interlock calls as. */
export const entraSettings = z.strictObject({
  /** Graph's origin; the national clouds have others. */
  origin: z.url().default('https://graph.microsoft.com'),
  /** Where tokens come from; no agent and no answer can change it. */
  authority: z.url().default('https://login.microsoftonline.com'),
  /** The tenant's id or one of its domains. */
  tenant: z.string().regex(/^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/, 'a tenant id or domain'),
  clientId: z.string().min(1),
  clientSecret: secretReference(),
  /** The organisation's own domains: mail to them, and only to them, stays inside. */
  ownDomains: z.array(domain).default([]),
  /** Where an invited guest lands. Fixed here, because an invitation is a link in a mail that people trust. */
  inviteRedirectUrl: z.url().default('https://myapplications.microsoft.com'),
  /**
   * A public RSA key as JWK (JSON). New client secrets leave the connector encrypted to it (JWE, RSA-OAEP-256) and in no
   * other form. Without it, application.add-password is not offered.
   */
  sealTo: z.string().min(1).optional(),
});

export type EntraSettings = z.output<typeof entraSettings>;

/** OAuth 2.0 client credentials with the scope `.default` [doc]. */
export function authenticationOf(settings: EntraSettings, clock: Clock): Authentication {
  const { origin, authority, tenant, clientId, clientSecret } = settings;
  return clientCredentialsAuthentication({
    tokenUrl: new URL(`/${tenant}/oauth2/v2.0/token`, authority).href,
    clientId,
    clientSecret,
    style: 'form',
    scope: new URL('/.default', origin).href,
    clock,
  });
}
