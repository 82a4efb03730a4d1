import { z } from 'zod';

/** Marks a setting as a secret: in the configuration a reference (`env:NAME`, `file:path`), in `connect` its value. */
export const SECRETS = z.registry<{ readonly secret: true }>();

/** A setting that holds a secret. Inline values are refused where configurations are read. */
export function secretReference(): z.ZodString {
  return z.string().min(1).register(SECRETS, { secret: true });
}
