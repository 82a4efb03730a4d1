import { z } from 'zod';
import { checkpointSchema } from './checkpoint-line.ts';
import { eventSchema } from './export-line.ts';

/**
 * One event with all that it takes to show that it was there when a checkpoint was signed, to somebody who has nothing
 * but the public key: what the hashes of the events behind it are made of, up to the head that the checkpoint names.
 */
export const proofSchema = z.strictObject({
  proof: z.literal(1),
  tenant: z.string(),
  workflow: z.string(),
  event: eventSchema,
  /** The events behind it in order, without their payloads; each `prev` is the hash before, each `seq` one more. */
  links: z.array(
    z.strictObject({
      v: z.int(),
      type: z.string(),
      at: z.int(),
      payloadDigest: z.templateLiteral(['sha256:', z.string()]),
    }),
  ),
  /** Names the head that the links lead to, and the key that signed it. */
  checkpoint: checkpointSchema,
});

export type Proof = z.output<typeof proofSchema>;
