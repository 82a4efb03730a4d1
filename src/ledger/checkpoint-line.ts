import { z } from 'zod';
import { canonicalJson } from '../lib/canonical-json.ts';
import { type Digest, sha256 } from '../lib/digest.ts';
import type { SigningKey, VerifyingKey } from './checkpoint-key.ts';

const digest = z.templateLiteral(['sha256:', z.string()]);

export const checkpointSchema = z.strictObject({
  v: z.literal(1),
  /** 1, 2, 3, … without gaps. */
  n: z.int().positive(),
  /** Milliseconds since 1970. */
  at: z.int().nonnegative(),
  /** Hash of the line before; of the key's id for the first. */
  prev: digest,
  /** The streams that changed since the checkpoint before, as they were then. */
  heads: z
    .array(
      z
        .strictObject({ tenant: z.string(), workflow: z.string(), version: z.int().positive(), hash: digest })
        .readonly(),
    )
    .readonly(),
  /** Streams of the whole log. */
  streams: z.int().nonnegative(),
  keyId: z.string(),
  /** Ed25519 over the RFC 8785 form of all the other members. */
  signature: z.string(),
});

/** One line of the checkpoint file: what the log was, said by someone who holds the key. */
export type Checkpoint = Readonly<z.infer<typeof checkpointSchema>>;
export type CheckpointHead = Checkpoint['heads'][number];

/** `prev` of the first line. */
export function firstPrev(keyId: string): Digest {
  return sha256(keyId);
}

export function lineHash(line: string): Digest {
  return sha256(line);
}

/** The line, without its line feed. */
export function signLine(body: Omit<Checkpoint, 'v' | 'keyId' | 'signature'>, key: SigningKey): string {
  const unsigned = { v: 1 as const, ...body, keyId: key.keyId };
  return canonicalJson({ ...unsigned, signature: key.sign(canonicalJson(unsigned)) });
}

/** Undefined for a line that is not a checkpoint, or not written exactly as one is. */
export function parseLine(line: string): Checkpoint | undefined {
  try {
    const { data } = checkpointSchema.safeParse(JSON.parse(line));
    return data !== undefined && canonicalJson(data) === line ? data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function isSignedBy(key: VerifyingKey, { signature, ...body }: Checkpoint): boolean {
  return body.keyId === key.keyId && key.verifies(canonicalJson(body), signature);
}
