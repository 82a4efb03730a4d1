import { z } from 'zod';
import { EFFECT_KINDS } from '../../action/effect.ts';
import { labelName } from '../../action/names.ts';
import { SIGNAL_KINDS, SIGNAL_SCOPES } from '../../action/signal.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import { duration } from './duration.ts';

function oneOrSome<T extends z.ZodType>(schema: T) {
  return z
    .union([schema, z.array(schema).min(1).max(BOUNDS.signalParts)])
    .transform((value) => (Array.isArray(value) ? value : [value]) as z.output<T>[]); // the union's two sides
}

const scalar = z.union([z.string(), z.int(), z.boolean()]);

const pattern = z.strictObject({
  operation: oneOrSome(z.string()).optional(),
  effect: oneOrSome(z.enum(EFFECT_KINDS)).optional(),
  decision: oneOrSome(z.enum(['allowed', 'denied', 'held', 'any'])).optional(),
  outcome: oneOrSome(z.enum(['in-flight', 'accepted', 'succeeded', 'failed', 'unknown'])).optional(),
  label: oneOrSome(labelName).optional(),
  approved: z.boolean().optional(),
  currency: oneOrSome(z.string().length(3)).optional(),
  input: z.record(z.string(), oneOrSome(scalar)).optional(),
  signal: z.record(z.string(), z.boolean()).optional(),
  get not() {
    return oneOrSome(pattern).optional();
  },
});

/** A file: signals by name. */
export const signalFileSchema = z.record(
  z.string(),
  z.strictObject({
    title: z.string().trim().min(1).max(BOUNDS.annotationCharacters),
    kind: z.enum(SIGNAL_KINDS),
    scope: z.enum(SIGNAL_SCOPES).default('workflow'),
    events: oneOrSome(pattern),
    unless: oneOrSome(pattern).optional(),
    among: oneOrSome(pattern).optional(),
    of: z.string().optional(),
    as: z.literal('set').optional(),
    where: oneOrSome(z.string()).default([]),
    within: duration.optional(),
    ago: duration.optional(),
    includePresent: z.boolean().default(false),
  }),
);

export type WrittenSignal = z.output<typeof signalFileSchema>[string];
export type WrittenPattern = z.output<typeof pattern>;
