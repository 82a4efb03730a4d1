import { z } from 'zod';
import type { Authentication } from '../../src/connector/contract.ts';
import { headerAuthentication } from '../../src/connector/http/authentication/header-authentication.ts';
import { secretReference } from '../../src/connector/secret-reference.ts';

export const kongSettings = z.strictObject({
  /** Of the Admin API, e.g. `https://kong-admin.example.com:8444`; never the proxy's. */
  origin: z.url(),
  /** The RBAC token of an administrator, or the key with which a proxy in front of the Admin API lets Interlock in. */
  token: secretReference().optional(),
  /** The header that carries it. */
  header: z.string().min(1).default('Kong-Admin-Token'),
});

/** The open-source Admin API asks for nothing, so it must be reachable for Interlock alone [doc]. */
export function authenticationOf({ token, header }: z.output<typeof kongSettings>): Authentication {
  if (token !== undefined) return headerAuthentication({ header, value: token });
  return { headers: async () => ({}), refused: () => false };
}
