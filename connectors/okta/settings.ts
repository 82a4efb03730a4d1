import { z } from 'zod';
import type { Authentication } from '../../src/connector/contract.ts';
import { headerAuthentication } from '../../src/connector/http/authentication/header-authentication.ts';
import { privateKeyJwtAuthentication } from '../../src/connector/http/authentication/private-key-jwt-authentication.ts';
import { secretReference } from '../../src/connector/secret-reference.ts';
import type { Clock } from '../../src/lib/clock.ts';

const SERVICE_APP = ['clientId', 'privateKey', 'scopes'] as const;

/** One org, and one of Okta's two ways to prove who is calling. */
export const oktaSettings = z
  .strictObject({
    /** `https://<domain>`, the org's own or a custom one. */
    origin: z.url(),
    /** An API token; it has all rights of the administrator who made it. */
    token: secretReference().optional(),
    /** A service app (recommended by Okta): its scopes bound what can be done with it. */
    clientId: z.string().min(1).optional(),
    /** PEM, or a JWK as JSON. */
    privateKey: secretReference().optional(),
    keyId: z.string().min(1).optional(),
    scopes: z
      .array(z.string().regex(/^okta\.[A-Za-z.]+$/, 'a scope, as okta.users.read'))
      .min(1)
      .optional(),
  })
  .superRefine((settings, context) => {
    const given = SERVICE_APP.filter((field) => settings[field] !== undefined);
    if ((settings.token === undefined) === (given.length === 0)) {
      context.addIssue({
        code: 'custom',
        path: ['token'],
        message: 'give either a token, or clientId, privateKey and scopes',
      });
    } else if (settings.token === undefined && given.length < SERVICE_APP.length) {
      context.addIssue({
        code: 'custom',
        path: ['clientId'],
        message: 'a service app needs clientId, privateKey and scopes',
      });
    }
  });

export type OktaSettings = z.output<typeof oktaSettings>;

/** `Authorization: SSWS …`, or a bearer token from the org's token endpoint, proven by the app's key [spec, sdk]. */
export function authenticationOf(settings: OktaSettings, clock: Clock): Authentication {
  const { token, clientId = '', privateKey = '', keyId, scopes = [] } = settings;
  if (token !== undefined) return headerAuthentication({ header: 'authorization', value: `SSWS ${token}` });
  const key = privateKey.trimStart().startsWith('{') ? { jwk: privateKey } : { privateKeyPem: privateKey };
  const tokenUrl = new URL('/oauth2/v1/token', settings.origin).href;
  return privateKeyJwtAuthentication({ ...key, tokenUrl, clientId, keyId, scope: scopes.join(' '), clock });
}
