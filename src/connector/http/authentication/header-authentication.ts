import type { Authentication } from '../../contract.ts';

/** A fixed header, e.g. `Authorization: SSWS …` or an API key. */
export function headerAuthentication(credential: { readonly header: string; readonly value: string }): Authentication {
  const headers = { [credential.header.toLowerCase()]: credential.value };
  return { headers: async () => headers, refused: () => false };
}
