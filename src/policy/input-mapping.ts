import type { z } from 'zod';
import type { PolicyRecord } from '../action/policy-port.ts';
import type { JsonObject } from '../lib/json.ts';
import { type CedarRecord, record } from './cedar-type.ts';
import { recordReader } from './to-policy-value.ts';
import { cedarAttributes } from './zod-to-cedar.ts';

export interface InputMapping {
  readonly cedar: CedarRecord;
  /** Only declared fields; `input` is what the schema returned. Throws INVALID_INPUT. */
  toPolicy(input: JsonObject): PolicyRecord;
}

/**
 * How policies see values of a zod schema. What Cedar has no type for (open maps, arrays of objects, unions of different
 * types) they don't see. Throws CONNECTOR_INVALID for what is not JSON or has a name that Cedar gives a meaning.
 */
export function inputMapping(schema: z.ZodObject, operation = 'the input'): InputMapping {
  const cedar = record(cedarAttributes(schema, operation));
  return { cedar, toPolicy: recordReader(cedar, 'input') };
}
