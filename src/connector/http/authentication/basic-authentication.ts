import type { Authentication } from '../../contract.ts';

/** HTTP Basic (RFC 7617), UTF-8. */
export function basicAuthentication(credential: {
  readonly username: string;
  readonly password: string;
}): Authentication {
  const headers = { authorization: basicValue(credential.username, credential.password) };
  return { headers: async () => headers, refused: () => false };
}

export function basicValue(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
