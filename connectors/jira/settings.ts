import { z } from 'zod';
import type { Authentication } from '../../src/connector/contract.ts';
import { basicAuthentication } from '../../src/connector/http/authentication/basic-authentication.ts';
import { secretReference } from '../../src/connector/secret-reference.ts';

export const jiraSettings = z.strictObject({
  /** `https://<site>.atlassian.net`. */
  origin: z.url({ protocol: /^https?$/ }),
  /** Of the account whose rights bound what can be done. */
  email: z.email(),
  token: secretReference(),
});

export function authenticationOf({ email, token }: z.output<typeof jiraSettings>): Authentication {
  return basicAuthentication({ username: email, password: token });
}
