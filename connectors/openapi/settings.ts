import { z } from 'zod';
import type { Authentication } from '../../src/connector/contract.ts';
import { basicAuthentication } from '../../src/connector/http/authentication/basic-authentication.ts';
import { clientCredentialsAuthentication } from '../../src/connector/http/authentication/client-credentials-authentication.ts';
import { headerAuthentication } from '../../src/connector/http/authentication/header-authentication.ts';
import { privateKeyJwtAuthentication } from '../../src/connector/http/authentication/private-key-jwt-authentication.ts';
import { secretReference } from '../../src/connector/secret-reference.ts';
import type { Clock } from '../../src/lib/clock.ts';

const headerName = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'the name of a header');

const authentication = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('header'),
    header: headerName.default('Authorization'),
    /** What stands before the secret; empty for a bare key. */
    prefix: z.string().default('Bearer '),
    secret: secretReference(),
  }),
  z.strictObject({ kind: z.literal('basic'), username: z.string().min(1), password: secretReference() }),
  z.strictObject({
    kind: z.literal('client-credentials'),
    tokenUrl: z.url(),
    clientId: z.string().min(1),
    clientSecret: secretReference(),
    style: z.enum(['basic', 'form']).default('basic'),
    scope: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('private-key-jwt'),
    tokenUrl: z.url(),
    clientId: z.string().min(1),
    /** PEM. */
    privateKey: secretReference(),
    keyId: z.string().min(1).optional(),
    scope: z.string().default(''),
  }),
]);

/** One API: where it is, the file that describes it, and what somebody has accepted of that. */
export const settings = z.strictObject({
  /**
   * Where the API is, and what stands before the paths of the description: `https://api.example/v1`. The servers that a
   * description names are never called.
   */
  url: z.url().refine((text) => {
    const { search, hash, pathname } = new URL(text);
    return search === '' && hash === '' && !pathname.includes('//') && !pathname.includes('%');
  }, 'an address without query, fragment and escapes'),
  /** OpenAPI 3.0, 3.1 or Swagger 2, JSON or YAML, from the configuration's folder. */
  description: z.string().min(1),
  /** What is accepted, from the configuration's folder. Without it every operation is unclassified, and refused. */
  manifest: z.string().optional(),
  authentication: authentication.default({ kind: 'none' }),
  /** Milliseconds that one call may take. */
  timeoutMs: z.int().min(100).max(600_000).default(30_000),
});

export type Settings = z.output<typeof settings>;

export function authenticationOf({ authentication: chosen }: Settings, clock: Clock): Authentication {
  switch (chosen.kind) {
    case 'none':
      return { headers: async () => ({}), refused: () => false };
    case 'header':
      return headerAuthentication({ header: chosen.header, value: chosen.prefix + chosen.secret });
    case 'basic':
      return basicAuthentication(chosen);
    case 'client-credentials':
      return clientCredentialsAuthentication({ ...chosen, clock });
    case 'private-key-jwt': {
      const { tokenUrl, clientId, privateKey, keyId, scope } = chosen;
      return privateKeyJwtAuthentication({ tokenUrl, clientId, privateKeyPem: privateKey, keyId, scope, clock });
    }
    default:
      return chosen satisfies never;
  }
}
