import { z } from 'zod';
import { plainId } from '../action/names.ts';
import { sha256 } from '../lib/digest.ts';
import { type Operator, RIGHTS } from './interlock.ts';

/** An API key as the configuration holds it: never the key itself. */
export const apiKeySchema = z.strictObject({
  id: plainId,
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'a digest is sha256: and 64 hexadecimal digits'),
  tenant: plainId,
  rights: z.array(z.enum(RIGHTS)),
  groups: z.array(plainId).default([]),
  /** Who holds it: two keys of one person count as one for approvals. */
  person: plainId.optional(),
});

export type ApiKey = z.infer<typeof apiKeySchema>;

/** Answers who a bearer credential is, or undefined where it is not one of its own. Throws UNAUTHENTICATED for a bad one of its own. */
export type VerifyOperator = (bearer: string) => Promise<Operator | undefined>;

/** Looks keys up by their digest: comparing digests tells an attacker nothing about the key by its timing. */
export function verifyApiKeys(keys: readonly ApiKey[]): VerifyOperator {
  const byDigest = new Map(keys.map((key) => [key.digest, key]));
  return async (bearer) => {
    const key = byDigest.get(sha256(bearer));
    if (key === undefined) return undefined;
    const { id, tenant, rights, groups, person } = key;
    return {
      kind: 'operator',
      id,
      tenant,
      rights: new Set(rights),
      groups,
      ...(person === undefined ? {} : { person }),
    };
  };
}
