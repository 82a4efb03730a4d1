import type { Clock } from '../../../lib/clock.ts';
import type { Authentication } from '../../contract.ts';
import { basicValue } from './basic-authentication.ts';
import { tokenAuthentication } from './token-authentication.ts';

export interface ClientCredentials {
  /** `https://…`; may be another origin than the API's, and is locked like it. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where id and secret go: in a Basic header, or as form fields (RFC 6749 §2.3.1). */
  readonly style: 'basic' | 'form';
  readonly scope?: string | undefined;
  /** Further form fields, e.g. `{ audience: … }`. */
  readonly extra?: Readonly<Record<string, string>> | undefined;
  readonly clock: Clock;
}

/** OAuth 2 client credentials (RFC 6749 §4.4). */
export function clientCredentialsAuthentication(credentials: ClientCredentials): Authentication {
  const form = {
    ...credentials.extra,
    grant_type: 'client_credentials',
    ...(credentials.scope === undefined ? {} : { scope: credentials.scope }),
  };
  return tokenAuthentication({
    tokenUrl: credentials.tokenUrl,
    clock: credentials.clock,
    request: async () => ({ ...withClient(credentials, form), secrets: [credentials.clientSecret] }),
  });
}

/** Adds the client's own credential to a token request; in Basic, id and secret are form-encoded first. */
export function withClient(
  client: { readonly clientId: string; readonly clientSecret: string; readonly style: 'basic' | 'form' },
  form: Readonly<Record<string, string>>,
): { readonly form: Readonly<Record<string, string>>; readonly headers?: Readonly<Record<string, string>> } {
  const { clientId, clientSecret } = client;
  if (client.style === 'form') return { form: { ...form, client_id: clientId, client_secret: clientSecret } };
  return { form, headers: { authorization: basicValue(formEncoded(clientId), formEncoded(clientSecret)) } };
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}
