import type { Answer } from '../../gate/answers.ts';
import { ERRORS, type ErrorCode, type InterlockError } from '../../lib/errors.ts';

/** An error in the words of the models' own API, whose clients read it. */
export interface ModelError {
  readonly [name: string]: string | null | readonly string[];
  readonly message: string;
  readonly type: string;
  readonly param: null;
  readonly code: ErrorCode;
}

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly error: ModelError;
}

/** `more` goes into the error beside what the API knows: the ids of an action and of approvals. */
function refusal(
  code: ErrorCode,
  message: string,
  { status = ERRORS[code].status, again = ERRORS[code].retryable, retryAfterMs, ...more }: Told = {},
): Refusal {
  return {
    status,
    // Clients of this API repeat calls by themselves unless they are told.
    headers: {
      'x-should-retry': String(again),
      ...(retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) }),
      ...(more.action === undefined ? {} : { [ACTION_HEADER]: more.action }),
    },
    error: {
      message,
      type: 'interlock_error',
      param: null,
      code,
      ...(more.action === undefined ? {} : { action: more.action }),
      ...(more.approvals === undefined ? {} : { approvals: more.approvals }),
    },
  };
}

interface Told {
  readonly status?: number;
  readonly again?: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly action?: string;
  readonly approvals?: readonly string[];
}

/** Clients of this API come back after moments where they are told to wait longer: then they are told not to. */
const CLIENT_WAITS_MS = 60_000;

export const ACTION_HEADER = 'x-interlock-action';

/** What could not be governed at all. */
export function refusedCall({ code, message }: Pick<InterlockError, 'code' | 'message'>): Refusal {
  return refusal(code, `${ERRORS[code].title} ${message}`);
}

/** An action that was denied, is held, or did not end in an answer; undefined where there is one. */
export function refusedAnswer(answer: Answer): Refusal | undefined {
  const { id: action, state, outcome, code = 'DENIED_BY_POLICY' } = answer;
  if (state === 'denied') {
    const reasons = answer.reasons.map(({ title }) => title).join(' ');
    // The same call is denied again: whatever the code, a client that repeats it gains nothing.
    return refusal(code, `${ERRORS[code].title} ${reasons}`, { status: 403, again: false, action });
  }
  if (state === 'held') return held(answer);
  if (outcome === undefined || outcome.status === 'unknown' || outcome.status === 'accepted')
    return refusal(
      outcome?.code ?? 'OUTCOME_UNKNOWN',
      `It is not known what came of the call: ${outcome?.detail ?? ''}`,
      {
        status: 502,
        again: false,
        action,
      },
    );
  const why = outcome.code ?? 'EXECUTION_FAILED';
  if (outcome.status === 'failed')
    return refusal(why, outcome.detail ?? ERRORS[why].title, {
      ...(why === 'EXECUTION_FAILED' ? { status: 400 } : {}),
      again: ERRORS[why].retryable && (outcome.retryAfterMs ?? 0) <= CLIENT_WAITS_MS,
      retryAfterMs: outcome.retryAfterMs,
      action,
    });
  return outcome.result === undefined
    ? refusal(outcome.code ?? 'RESULT_NOT_KEPT', outcome.detail ?? ERRORS[why].title, {
        status: 502,
        again: false,
        action,
      })
    : undefined;
}

/** Nobody waits for a human for ever: the same request with the action's id as its idempotency key asks again. */
function held({ id: action, approval, reasons }: Answer): Refusal {
  const approvals = approval?.ids ?? [];
  const whom =
    approval === undefined ? 'a fact' : `${approval.groups.join(' and ')} (approval ${approvals.join(', ')})`;
  const why = reasons.map(({ title }) => title).join(' ');
  const message = `${ERRORS.ACTION_HELD.title} It waits for ${whom}. ${why} Repeat the request with the header idempotency-key: ${action}.`;
  return refusal('ACTION_HELD', message, { again: false, action, approvals });
}
