import { z } from 'zod';
import { ERRORS, type ErrorCode, InterlockError } from '../../lib/errors.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** The keys of the one table of errors; Object.keys forgets their type. */
const CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];
export const errorCode = z.enum(CODES);

/** RFC 9457. `type` is relative to the server and says more when it is fetched. */
export const problemSchema = z
  .strictObject({
    type: z.string().describe('Where the code is described.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: errorCode.describe('Branch on this; it never changes its meaning.'),
    hint: z.string().describe('What to do about it.'),
    requestId: z.string().describe('Names this request in the log of the server.'),
    retryable: z.boolean().describe('The same call may succeed later.'),
    retryAfter: z.int().min(0).optional().describe('Seconds to wait before the next try.'),
    data: z.record(z.string(), z.unknown()).optional().describe('Structured facts about this occurrence.'),
  })
  .meta({ title: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;

export function problemOf(error: InterlockError, requestId: string): Problem {
  const { status, title, hint, retryable } = ERRORS[error.code];
  const retryAfter = retryAfterSeconds(error);
  return {
    type: `/errors/${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    hint,
    requestId,
    retryable,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(Object.keys(error.data).length === 0 ? {} : { data: { ...error.data } }),
  };
}

function retryAfterSeconds(error: InterlockError): number | undefined {
  const { retryAfterMs } = error.data;
  return typeof retryAfterMs === 'number' && retryAfterMs >= 0 ? Math.ceil(retryAfterMs / 1_000) : undefined;
}

/** What the HTTP framework refuses by itself, by its own code; the text of its errors never leaves. */
const FRAMEWORK_CODES: ReadonlyMap<string, ErrorCode> = new Map([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'TOO_LARGE'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'UNSUPPORTED_MEDIA_TYPE'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'INVALID_CALL'],
  ['FST_ERR_BAD_URL', 'INVALID_CALL'],
  ['FST_ERR_MAX_PARAM_LENGTH', 'NOT_FOUND'],
]);

/** Any thrown value as what the caller is told; whatever nobody foresaw is INTERNAL, with its cause kept for the log. */
export function errorOf(thrown: unknown): InterlockError {
  if (thrown instanceof InterlockError) return thrown;
  const frameworkCode = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const code = FRAMEWORK_CODES.get(frameworkCode) ?? 'INTERNAL';
  return new InterlockError(code, undefined, { cause: thrown });
}
