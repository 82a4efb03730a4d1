import { z } from 'zod';
import { effectSchema } from '../action/effect.ts';
import type { ExecutionResult, ProbeResult } from '../connector/contract.ts';
import type { RegisteredOperation } from '../connector/registered-operation.ts';
import { BOUNDS } from '../lib/bounds.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { ERRORS, type ErrorCode } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';

const code = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]); // the keys of the one table
const refusal = { code, detail: z.string() };
/** Kept by the log and handed back to the connector, so it must be JSON of a bounded size. */
const handle = z.custom<JsonObject>((value) => z.json().safeParse(value).success && isSmall(value as JsonObject));

const spent = effectSchema.pick({ amount: true, tokens: true });

const executionResult = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('succeeded'),
    result: z.unknown().optional(),
    spent: spent.optional().catch(undefined),
  }),
  z.object({ status: z.literal('accepted'), result: z.unknown().optional(), handle }),
  z.object({
    status: z.literal('failed'),
    ...refusal,
    exposed: z.boolean(),
    retryAfterMs: z.int().min(0).optional().catch(undefined),
  }),
  z.object({ status: z.literal('unknown'), ...refusal }),
]);

const probeResult = z.discriminatedUnion('status', [
  z.object({ status: z.literal('applied'), result: z.unknown().optional() }),
  z.object({ status: z.literal('not-applied') }),
  z.object({ status: z.literal('running') }),
  z.object({ status: z.literal('undetermined'), detail: z.string() }),
]);

/** What a connector's `execute` returned, read once. What is no such result says nothing of what happened. */
export function soundResult({ definition }: RegisteredOperation, returned: unknown): ExecutionResult {
  const read = readOnce(executionResult, returned);
  if (read !== undefined) return read as ExecutionResult; // the schema says the same with `undefined` allowed
  const broken = { code: 'RESPONSE_UNEXPECTED', detail: 'the connector returned no outcome' } as const;
  return definition.kind === 'read' ? { status: 'failed', ...broken, exposed: true } : { status: 'unknown', ...broken };
}

/** What a connector's `probe` returned; what is no such answer has learnt nothing. */
export function soundProbe(returned: unknown): ProbeResult {
  return readOnce(probeResult, returned) ?? { status: 'undetermined', detail: 'the connector returned no answer' };
}

/** Reading a value that somebody else made can throw. */
function readOnce<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  try {
    return schema.safeParse(value).data;
  } catch {
    return undefined;
  }
}

function isSmall(value: JsonObject): boolean {
  return canonicalJson(value).length <= BOUNDS.handleCharacters;
}
