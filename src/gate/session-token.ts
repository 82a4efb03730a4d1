import type { StreamId } from '../action/log-port.ts';
import { type Digest, sha256 } from '../lib/digest.ts';
import type { IdSource } from '../lib/ids.ts';

const PREFIX = 'ils_';
const PARTS = 4;

export interface SessionToken extends StreamId {
  readonly session: string;
  /** Of the whole token: what the log keeps. */
  readonly digest: Digest;
}

/** A bearer token that says where its session is, and proves nothing but by its digest in that workflow's log. */
export function issueSessionToken(ids: IdSource, { tenant, workflow }: StreamId, session: string): string {
  const place = [tenant, workflow, session].map((part) => Buffer.from(part).toString('base64url'));
  return PREFIX + [...place, ids.secret()].join('.');
}

/** Where the token claims to belong; undefined where it is not a session token at all. */
export function readSessionToken(bearer: string): SessionToken | undefined {
  if (!bearer.startsWith(PREFIX)) return undefined;
  const parts = bearer.slice(PREFIX.length).split('.');
  const [tenant, workflow, session] = parts.map((part) => Buffer.from(part, 'base64url').toString());
  if (parts.length !== PARTS || !tenant || !workflow || !session) return undefined;
  return { tenant, workflow, session, digest: sha256(bearer) };
}
