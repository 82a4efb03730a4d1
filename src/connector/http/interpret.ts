import type { Failure, HttpClientOptions } from '../contract.ts';
import type { CredentialRedactor } from './credential-redactor.ts';
import type { Exchanged, RawReply } from './exchange.ts';
import type { HttpCall, HttpReply, HttpResult } from './http-client.ts';
import { redirectOf } from './origin-lock.ts';

interface Interpreting {
  readonly options: HttpClientOptions;
  readonly origin: URL;
  readonly redactor: CredentialRedactor;
  readonly call: HttpCall;
  readonly once: { readonly repeatable: boolean; readonly signal: AbortSignal };
}

/** What an exchange means: a success, or how it failed, in words that hold no credential. */
export function interpret(exchanged: Exchanged, about: Interpreting): HttpResult {
  switch (exchanged.kind) {
    case 'not-sent':
      return { ok: false, class: 'unavailable', detail: `Nothing was sent (${exchanged.cause}).` };
    case 'broken':
      return broken(exchanged.cause, about.once.signal.aborted);
    case 'too-large':
      return { ok: false, class: 'too-large', detail: 'The answer is larger than the bound for one response.' };
    case 'reply':
      return interpretReply(toReply(exchanged.reply, about.redactor), about);
    default:
      return exchanged satisfies never;
  }
}

function broken(cause: string, timedOut: boolean): HttpResult {
  if (timedOut) return { ok: false, class: 'ambiguous', detail: 'The system did not answer in time.', timedOut };
  return {
    ok: false,
    class: 'ambiguous',
    detail: `The connection broke before the whole answer was there (${cause}).`,
  };
}

function interpretReply(reply: HttpReply, about: Interpreting): HttpResult {
  const redirect = redirectOf(about.origin, reply);
  if (redirect !== 'none') return redirected(reply, redirect, about.once.repeatable);
  const failure = failureOf(reply, about);
  if (failure === undefined) return { ok: true, reply };
  return { ok: false, ...failure, detail: about.redactor.detail(failure.detail), reply };
}

/** Redirects are never followed. Some servers answer one after they did the work (303), so a write stays open. */
function redirected(reply: HttpReply, redirect: 'same-host' | 'other-host', repeatable: boolean): HttpResult {
  if (redirect === 'other-host') {
    return {
      ok: false,
      class: 'origin',
      detail: `The system answered ${reply.status}, a redirect to another host.`,
      reply,
    };
  }
  const untouched = repeatable || reply.status === 307 || reply.status === 308;
  const detail = `The system answered ${reply.status}, a redirect, which is not followed.`;
  return { ok: false, class: untouched ? 'refused' : 'ambiguous', detail, reply };
}

function failureOf(reply: HttpReply, { options, call }: Interpreting): Failure | undefined {
  try {
    const failure = options.failureOf(reply, call);
    if (failure !== undefined || (reply.status >= 200 && reply.status < 500)) return failure;
    return { class: 'ambiguous', detail: `The system answered ${reply.status}, which the connector does not know.` };
  } catch {
    // The error may quote the reply, so nothing of it goes on. Whether the call had an effect, nobody can say.
    return {
      class: 'ambiguous',
      detail: `The connector cannot tell what the reply with status ${reply.status} means.`,
    };
  }
}

function toReply({ status, headers, text }: RawReply, redactor: CredentialRedactor): HttpReply {
  const safeHeaders = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, redactor.data(value)]));
  return { status, headers: safeHeaders, body: parseBody(redactor.data(text), headers['content-type']) };
}

function parseBody(text: string, type: string | undefined): unknown {
  if (text === '') return undefined;
  if (type !== undefined && !/[/+]json\b/i.test(type)) return text;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return text;
  }
}
