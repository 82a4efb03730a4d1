import type { Clock } from '../../lib/clock.ts';
import { asInterlockError, type ErrorCode } from '../../lib/errors.ts';
import type { HttpClientOptions } from '../contract.ts';
import { type CredentialRedactor, createCredentialRedactor } from './credential-redactor.ts';
import { deferredExchange } from './deferred-exchange.ts';
import type { Exchange } from './exchange.ts';
import type { HttpCall, HttpClient, HttpResult } from './http-client.ts';
import { interpret } from './interpret.ts';
import { orAborted } from './or-aborted.ts';
import { urlOfCall } from './origin-lock.ts';

export interface Once {
  readonly repeatable: boolean;
  readonly signal: AbortSignal;
  /** How long this attempt may take, below the deadline of the whole call. */
  readonly attemptMs: number;
  readonly onLines?: ((lines: string) => void) | undefined;
}

/** Sends a call once, and once more where its credential was refused and could be renewed. Never throws for what a server does. */
export type Attempt = (call: HttpCall, once: Once) => Promise<HttpResult>;

export interface AttemptOptions extends HttpClientOptions {
  readonly clock: Clock;
  /** The same system without a credential, for authentications that ask it for one. */
  readonly bare: HttpClient;
}

interface Wire {
  readonly options: AttemptOptions;
  readonly origin: URL;
  readonly exchange: Exchange;
  readonly redactor: CredentialRedactor;
}

/** They would change where a request goes or where it ends. */
const FRAMING_HEADER = /^(?:host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect|proxy-.*)$/i;

export function createAttempt(options: AttemptOptions, origin: URL): Attempt {
  const wire: Wire = { options, origin, exchange: deferredExchange(), redactor: createCredentialRedactor() };
  return async (call, once) => {
    const timeout = new AbortController();
    const cancel = options.clock.after(once.attemptMs, () => timeout.abort());
    const limited = { ...once, signal: AbortSignal.any([once.signal, timeout.signal]) };
    try {
      const { result, credential } = await sendOnce(wire, call, limited);
      if (result.ok || result.class !== 'credential' || credential === undefined) return result;
      if (!options.authentication.refused(credential)) return result;
      return (await sendOnce(wire, call, limited)).result;
    } finally {
      cancel();
    }
  };
}

interface Sent {
  readonly result: HttpResult;
  /** The headers that the authentication gave; undefined where it gave none. */
  readonly credential?: Readonly<Record<string, string>> | undefined;
}

async function sendOnce({ options, origin, exchange, redactor }: Wire, call: HttpCall, once: Once): Promise<Sent> {
  const url = urlOfCall(origin, call);
  if (url === undefined) return notSent('origin', "The call's path does not stay below the system's origin.");
  if (Object.keys(call.headers ?? {}).some((name) => FRAMING_HEADER.test(name))) {
    return notSent('origin', 'The call sets a header that belongs to the connection.');
  }
  let credential: Sent['credential'];
  try {
    credential = await orAborted(options.authentication.headers(options.bare), once.signal);
  } catch (error) {
    return credentialFailure(error, redactor);
  }
  if (credential === undefined) return notSent('unavailable', 'The time was over before there was a credential.');
  redactor.learn(credential);
  const { onLines } = once;
  const lines = onLines === undefined ? {} : { onLines: (text: string) => onLines(redactor.data(text)) };
  const exchanged = await exchange({ url, call, credential, signal: once.signal, ...lines });
  return { credential, result: interpret(exchanged, { options, origin, redactor, call, once }) };
}

type FailedClass = Extract<HttpResult, { readonly ok: false }>['class'];

const notSent = (failedClass: FailedClass, detail: string, retryAfterMs?: number): Sent => ({
  result: { ok: false, class: failedClass, detail, retryAfterMs },
});

const CREDENTIAL_FAILURES: Partial<Record<ErrorCode, FailedClass>> = {
  RATE_LIMITED: 'rate-limited',
  SYSTEM_UNAVAILABLE: 'unavailable',
  ORIGIN_LOCKED: 'origin',
};

function credentialFailure(thrown: unknown, redactor: CredentialRedactor): Sent {
  const { code, message, data } = asInterlockError(thrown);
  const retryAfterMs = typeof data['retryAfterMs'] === 'number' ? data['retryAfterMs'] : undefined;
  return notSent(CREDENTIAL_FAILURES[code] ?? 'credential', redactor.detail(message), retryAfterMs);
}
