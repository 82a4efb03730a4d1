import { InterlockError } from '../../lib/errors.ts';

/** RFC 6750 §2.1; the length is that of a large JWT. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]{1,8192}=*)$/i;

/** The token of an Authorization header, the only place where a credential is looked for. Throws UNAUTHENTICATED. */
export function readBearer(authorization: string | undefined): string {
  const token = BEARER.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new InterlockError('UNAUTHENTICATED');
  return token;
}
