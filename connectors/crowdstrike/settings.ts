import { z } from 'zod';
import type { Authentication } from '../../src/connector/contract.ts';
import { clientCredentialsAuthentication } from '../../src/connector/http/authentication/client-credentials-authentication.ts';
import { secretReference } from '../../src/connector/secret-reference.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** One Falcon tenant and the API client that speaks to it. */
export const crowdstrikeSettings = z.strictObject({
  /** `https://api.crowdstrike.com`, or `api.us-2.`, `api.eu-1.`, `api.laggar.gcw.`, `api.us-gov-2.crowdstrike.mil`. */
  origin: z.url(),
  clientId: z.string().min(1),
  clientSecret: secretReference(),
  /** The CID of a child tenant, for a parent that manages several. */
  memberCid: z.string().min(1).optional(),
});

/** `POST /oauth2/token` with a form; answers 201 and a token for half an hour [sdk]. */
export function authenticationOf(settings: z.output<typeof crowdstrikeSettings>, clock: Clock): Authentication {
  const { origin, clientId, clientSecret, memberCid } = settings;
  return clientCredentialsAuthentication({
    tokenUrl: new URL('/oauth2/token', origin).href,
    clientId,
    clientSecret,
    style: 'form',
    ...(memberCid === undefined ? {} : { extra: { member_cid: memberCid } }),
    clock,
  });
}
