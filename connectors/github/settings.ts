import { z } from 'zod';
import type { Authentication } from '../../src/connector/contract.ts';
import { headerAuthentication } from '../../src/connector/http/authentication/header-authentication.ts';
import { secretReference } from '../../src/connector/secret-reference.ts';

export const githubSettings = z.strictObject({
  /** `https://api.github.com`, or the API of a GitHub Enterprise Server without its path. */
  origin: z.url().default('https://api.github.com'),
  /** A fine-grained token or an installation token; its permissions bound what can be done with it. */
  token: secretReference(),
});

export function authenticationOf({ token }: z.output<typeof githubSettings>): Authentication {
  return headerAuthentication({ header: 'authorization', value: `Bearer ${token}` });
}
