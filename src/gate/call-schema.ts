import { z } from 'zod';
import { UNDO_PREFIX } from '../action/action.ts';
import { plainId } from '../action/names.ts';
import { BOUNDS } from '../lib/bounds.ts';
import type { JsonObject } from '../lib/json.ts';

const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'an object is expected',
);

/** What an agent sends. The input is judged by the operation's own schema. */
export const callSchema = z.strictObject({
  id: plainId
    .regex(/^[^/]*$/, 'an action id has no slash, because it stands in paths')
    .refine((id) => !id.startsWith(UNDO_PREFIX), `ids that begin with ${UNDO_PREFIX} are those of undoing`)
    .optional(),
  operation: z.string().min(1).max(BOUNDS.idLength),
  input: jsonObject,
});

/** What a caller that executed itself reports. */
export const outcomeSchema = z.strictObject({
  status: z.enum(['succeeded', 'failed', 'unknown']),
  result: z.json().optional(),
  detail: z.string().max(2_000).optional(),
});
