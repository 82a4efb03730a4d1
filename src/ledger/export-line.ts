import { z } from 'zod';
import type { StoredEvent } from '../action/event.ts';
import type { Digest } from '../lib/digest.ts';

const streamId = z.strictObject({ tenant: z.string(), workflow: z.string() });
// A digest that is none is for the chain to find.
const digest = z.string().transform((text) => text as Digest);

/** An event outside of the log. */
export const eventSchema = z
  .strictObject({
    v: z.int(),
    seq: z.int(),
    type: z.string(),
    at: z.int(),
    prev: digest,
    payloadDigest: digest,
    hash: digest,
    /** The RFC 8785 text as it was hashed; null once erased. */
    payload: z.string().nullable(),
  })
  // A type that nobody knows is for the chain to judge: the hash covers it.
  .transform(({ payload, ...envelope }) => ({ ...envelope, payload: payload ?? undefined }) as StoredEvent);

/** One line of an export: a head line, then for each workflow its name, its events and its end, then the total. */
export const exportLine = z.union([
  z.strictObject({ export: z.strictObject({ v: z.literal(1), scope: z.union([z.literal('all'), streamId]) }) }),
  z.strictObject({ workflow: streamId }),
  z.strictObject({ event: eventSchema }),
  z.strictObject({ end: z.strictObject({ version: z.int(), hash: digest }) }),
  z.strictObject({ total: z.strictObject({ workflows: z.int(), events: z.int() }) }),
]);

export type ExportLine = z.infer<typeof exportLine>;
