import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { plainId } from '../action/names.ts';
import { InterlockError } from '../lib/errors.ts';
import type { VerifyOperator } from './api-keys.ts';
import { RIGHTS } from './interlock.ts';

/** Which JWTs are believed. Issuer and audience are required: a token made for somebody else is no credential here. */
export const jwtSettingsSchema = z.strictObject({
  issuer: z.string().min(1),
  audience: z.string().min(1),
  /** Where the issuer publishes its keys. */
  jwksUrl: z
    .url({ protocol: /^https?$/ })
    .refine((url) => isSecure(new URL(url)), 'keys are fetched by https (http only from loopback)'),
  /** Names of the claims; rights and groups are arrays or space-separated words. */
  tenantClaim: z.string().default('tenant'),
  rightsClaim: z.string().default('interlock_rights'),
  groupsClaim: z.string().default('groups'),
});

function isSecure({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

export type JwtSettings = z.infer<typeof jwtSettingsSchema>;

/** Only signatures that a public key verifies: `none` and shared secrets are never accepted (RFC 8725 §3.1). */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Verifies JWTs against a JWKS (RFC 7519, 8725). `keys` stands in for the fetched ones. */
export function verifyJwts(settings: JwtSettings, keys?: JSONWebKeySet): VerifyOperator {
  let keySet: JWTVerifyGetKey | undefined;
  return async (bearer) => {
    if (bearer.split('.').length !== 3 || !bearer.startsWith('ey')) return undefined;
    // Loaded when the first one comes: many gateways never see one.
    const jose = await import('jose');
    keySet ??= keys === undefined ? jose.createRemoteJWKSet(new URL(settings.jwksUrl)) : jose.createLocalJWKSet(keys);
    const claims = await verified(jose, { bearer, keySet, settings });
    const id = plainId.safeParse(claims.sub);
    const tenant = plainId.safeParse(claims[settings.tenantClaim]);
    if (!id.success || !tenant.success)
      throw new InterlockError('UNAUTHENTICATED', `the token needs the claims sub and ${settings.tenantClaim}`);
    const rights = words(claims[settings.rightsClaim]).flatMap((word) => RIGHTS.filter((right) => right === word));
    const groups = words(claims[settings.groupsClaim]).filter((word) => plainId.safeParse(word).success);
    return { kind: 'operator', id: id.data, tenant: tenant.data, rights: new Set(rights), groups };
  };
}

interface Presented {
  readonly bearer: string;
  readonly keySet: JWTVerifyGetKey;
  readonly settings: JwtSettings;
}

async function verified({ jwtVerify, errors }: typeof import('jose'), presented: Presented): Promise<JWTPayload> {
  const { bearer, keySet, settings } = presented;
  const { issuer, audience } = settings;
  try {
    const { payload } = await jwtVerify(bearer, keySet, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'sub'],
    });
    return payload;
  } catch (cause) {
    const detail =
      cause instanceof errors.JOSEError
        ? `the token is not valid: ${cause.code}`
        : 'the keys of the token’s issuer cannot be read';
    throw new InterlockError('UNAUTHENTICATED', detail);
  }
}

function words(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((word) => word !== '');
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : [];
}
