import type { Digest } from '../../lib/digest.ts';
import { digestOf } from '../../lib/digest.ts';
import type { PolicyFile } from '../checked-policy.ts';
import type { CedarSchema } from '../generate-schema.ts';
import { STORED_FORMAT } from './stored-policies.ts';

/** Where checked policies stay between two starts. It answers with what it was given under the key, or with nothing. */
export interface PolicySetCache {
  /** Of everything that checks and evaluates policies besides these sources, e.g. `interlock 1.0.0`: they are part of the key. */
  readonly versions: readonly string[];
  read(key: Digest): string | undefined;
  /** Never rejects: what cannot be kept is checked again next time. */
  write(key: Digest, text: string): Promise<void>;
}

/** Names everything that the outcome of a check depends on. */
export function policySetKey(
  { versions }: Pick<PolicySetCache, 'versions'>,
  schema: CedarSchema,
  files: readonly PolicyFile[],
): Digest {
  return digestOf({
    format: STORED_FORMAT,
    versions,
    schema: schema.hash,
    files: files.map(({ name, text }) => [name, text]),
  });
}
