import type { FactSubject, FactValue } from '../../action/fact.ts';
import { type ErrorCode, InterlockError } from '../../lib/errors.ts';
import type { Enricher } from '../contract.ts';
import type { HttpCall, HttpReply, HttpResult } from './http-client.ts';

export interface HttpFact {
  readonly request: (subject: FactSubject) => HttpCall;
  /** Whether the system could know this id at all; of another, as the `*` of all users together, nothing is asked. */
  readonly isSubject?: ((id: string) => boolean) | undefined;
  /** Whether the refusal says that there is no such subject; then nothing is known of it. */
  readonly isAbsent?: ((answer: HttpResult) => boolean) | undefined;
  /** Throws, or answers undefined, where the reply does not say. */
  readonly value: (reply: HttpReply, subject: FactSubject) => FactValue | undefined;
}

const CODES: Readonly<Record<Extract<HttpResult, { ok: false }>['class'], ErrorCode>> = {
  refused: 'EXECUTION_FAILED',
  credential: 'CREDENTIAL_REFUSED',
  'rate-limited': 'RATE_LIMITED',
  unavailable: 'SYSTEM_UNAVAILABLE',
  ambiguous: 'SYSTEM_UNAVAILABLE',
  origin: 'ORIGIN_LOCKED',
  'too-large': 'RESPONSE_TOO_LARGE',
};

/** A fact that one read tells. */
export function httpFact({ request, isSubject, isAbsent, value }: HttpFact): Enricher['fetch'] {
  return async (subject, { http, signal }) => {
    if (isSubject?.(subject.id) === false) return undefined;
    const answer = await http.send(request(subject), { repeatable: true, reads: true, signal });
    if (answer.ok) return readValue(() => value(answer.reply, subject));
    if (isAbsent?.(answer) === true) return undefined;
    throw factError(answer);
  };
}

/** Why a look-up failed; the code says whether it is tried again, and the system perhaps when. */
export function factError({ class: kind, detail, retryAfterMs }: Extract<HttpResult, { ok: false }>): InterlockError {
  return new InterlockError(CODES[kind], detail, retryAfterMs === undefined ? {} : { data: { retryAfterMs } });
}

/** The message may quote the reply, so it goes nowhere. */
function readValue(read: () => FactValue | undefined): FactValue | undefined {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof InterlockError ? cause : new InterlockError('RESPONSE_UNEXPECTED');
  }
}
