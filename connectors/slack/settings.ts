import { z } from 'zod';
import type { Authentication } from '../../src/connector/contract.ts';
import { headerAuthentication } from '../../src/connector/http/authentication/header-authentication.ts';
import { secretReference } from '../../src/connector/secret-reference.ts';

export const slackSettings = z.strictObject({
  origin: z.url().default('https://slack.com'),
  /** A bot token, or a user token where administration is wanted; its scopes bound what can be done with it. */
  token: secretReference(),
});

export function authenticationOf({ token }: z.output<typeof slackSettings>): Authentication {
  return headerAuthentication({ header: 'authorization', value: `Bearer ${token}` });
}
