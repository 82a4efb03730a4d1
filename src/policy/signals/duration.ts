import { z } from 'zod';
import { BOUNDS } from '../../lib/bounds.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** As people write it, in ms. */
export const duration = z
  .string()
  .regex(/^[1-9]\d{0,14}(?:ms|s|m|h|d)$/, 'a duration is 500ms, 60s, 30m, 12h or 7d')
  .transform((text) => Number.parseInt(text, 10) * (UNIT_MS[text.replace(/^\d+/, '')] ?? Number.NaN))
  .refine((ms) => ms <= BOUNDS.signalWindowMs, 'at most 366d');
