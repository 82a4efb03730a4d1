import { InterlockError } from '../../lib/errors.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { Execute, ExecutionResult } from '../contract.ts';
import type { HttpCall, HttpReply, HttpResult } from './http-client.ts';

export interface HttpExecution<I> {
  /** The one call that is the operation. `actionId` is stable: the idempotency key or correlation id. */
  readonly request: (input: I, call: { readonly actionId: string }) => HttpCall;
  /** Whether the runtime may send it again after it may have been applied: read-only or idempotent. */
  readonly repeatable: boolean;
  /** Whether it only reads; default: a repeatable GET. What only reads cannot have had an effect, so it fails cleanly. */
  readonly reads?: boolean | undefined;
  readonly result: (reply: HttpReply, input: I) => unknown;
  /** The handle to ask with, where the reply says that the work goes on elsewhere. */
  readonly accepted?: ((reply: HttpReply, input: I) => JsonObject | undefined) | undefined;
}

type FailedCall = Extract<HttpResult, { readonly ok: false }>;

/** An operation that is one HTTP call. A request that cannot be built (INVALID_INPUT) fails before anything is sent. */
export function httpExecution<I>(execution: HttpExecution<I>): Execute<I> {
  return async (input, context) => {
    const call = buildRequest(() => execution.request(input, { actionId: context.actionId }));
    if ('status' in call) return call;
    const reads = execution.reads ?? (execution.repeatable && call.method === 'GET');
    const answer = await context.http.send(call, { repeatable: execution.repeatable, reads, signal: context.signal });
    return answer.ok ? succeeded(execution, { input, reply: answer.reply, reads }) : failedOf(answer, reads);
  };
}

function buildRequest(build: () => HttpCall): HttpCall | ExecutionResult {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof InterlockError)) throw error;
    return { status: 'failed', code: error.code, detail: error.message, exposed: false };
  }
}

interface Success<I> {
  readonly input: I;
  readonly reply: HttpReply;
  readonly reads: boolean;
}

function succeeded<I>(execution: HttpExecution<I>, { input, reply, reads }: Success<I>): ExecutionResult {
  try {
    const handle = execution.accepted?.(reply, input);
    const result = execution.result(reply, input);
    return handle === undefined ? { status: 'succeeded', result } : { status: 'accepted', result, handle };
  } catch (error) {
    // The message may quote the reply, so it goes nowhere.
    if (!(error instanceof Error)) throw error;
    const detail = `The connector cannot read the reply with status ${reply.status}.`;
    if (reads) return { status: 'failed', code: 'RESPONSE_UNEXPECTED', detail, exposed: true };
    return { status: 'unknown', code: 'RESPONSE_UNEXPECTED', detail };
  }
}

/** What a call that was not granted comes to: `reads` where it cannot have had an effect. */
export function failedOf(answer: FailedCall, reads: boolean): ExecutionResult {
  const { detail } = answer;
  const exposed = answer.reply?.body !== undefined;
  switch (answer.class) {
    case 'refused':
      return { status: 'failed', code: 'EXECUTION_FAILED', detail, exposed };
    case 'credential':
      return { status: 'failed', code: 'CREDENTIAL_REFUSED', detail, exposed };
    case 'rate-limited':
      return { status: 'failed', code: 'RATE_LIMITED', detail, exposed, retryAfterMs: answer.retryAfterMs };
    case 'unavailable':
      return { status: 'failed', code: 'SYSTEM_UNAVAILABLE', detail, exposed, retryAfterMs: answer.retryAfterMs };
    case 'origin':
      // A redirect is an answer: a write that got one may have been applied before.
      if (answer.reply === undefined || reads) return { status: 'failed', code: 'ORIGIN_LOCKED', detail, exposed };
      return { status: 'unknown', code: 'ORIGIN_LOCKED', detail };
    case 'too-large':
      return reads
        ? { status: 'failed', code: 'RESPONSE_TOO_LARGE', detail, exposed }
        : { status: 'unknown', code: 'RESPONSE_TOO_LARGE', detail };
    case 'ambiguous':
      return ambiguous(answer, { reads, exposed });
    default:
      return answer.class satisfies never;
  }
}

function ambiguous(
  answer: FailedCall,
  { reads, exposed }: { readonly reads: boolean; readonly exposed: boolean },
): ExecutionResult {
  const { detail } = answer;
  if (!reads) return { status: 'unknown', code: answer.timedOut ? 'EXECUTION_TIMEOUT' : 'OUTCOME_UNKNOWN', detail };
  return { status: 'failed', code: answer.timedOut ? 'EXECUTION_TIMEOUT' : 'SYSTEM_UNAVAILABLE', detail, exposed };
}
