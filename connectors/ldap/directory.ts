import type { ExecutionContext } from '../../src/connector/contract.ts';
import { createCircuitBreaker } from '../../src/connector/http/circuit-breaker.ts';
import { createConcurrencyLimit } from '../../src/connector/http/concurrency-limit.ts';
import type { HttpResult } from '../../src/connector/http/http-client.ts';
import { orAborted } from '../../src/connector/http/or-aborted.ts';
import { createRedactor } from '../../src/connector/http/redact.ts';
import { BOUNDS } from '../../src/lib/bounds.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { ASSERTION, type Codec, type Search, type Write } from './codec.ts';
import { Connection, type Exchanged, type Reply } from './connection.ts';
import { failureOfCode, NO_SUCH_OBJECT } from './failure-of.ts';
import { has } from './filter.ts';
import { openConnection, type Place } from './open-connection.ts';

/** The same shape as of a refused HTTP call, so that outcomes follow from it by the same rules. */
export type Refusal = Extract<HttpResult, { readonly ok: false }> & { readonly code?: number | undefined };
export type Answer<T> = { readonly ok: true; readonly value: T } | Refusal;

/** What a call may take of its action. */
export type Calling = Pick<ExecutionContext, 'signal'>;

/** One directory with one credential: the way to it, and nothing of what is asked. */
export interface Directory {
  search(search: Search, context: Calling): Promise<Answer<Reply>>;
  write(write: Write, context: Calling): Promise<Answer<Reply>>;
  close(): void;
}

export interface DirectoryOptions {
  readonly codec: Codec;
  readonly place: Place;
  readonly bindDn: string;
  readonly password: string;
  /** Everything that must not come back in an error. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
}

interface Session {
  readonly connection: Connection;
  /** Whether a write can say under which condition it may be done. */
  readonly asserts: boolean;
}

/**
 * Requests share one connection, which is opened when it is needed and again when it is gone. A request is sent once: what
 * breaks under way stays open, and the next one finds a new connection.
 */
export function openDirectory(options: DirectoryOptions): Directory {
  const breaker = createCircuitBreaker(options.clock);
  const limit = createConcurrencyLimit(BOUNDS.outboundConcurrency);
  const redact = createRedactor(options.secrets);
  let opening: Promise<Session | Refusal> | undefined;
  let live: Session | undefined;
  let isClosed = false;

  const session = async (signal: AbortSignal): Promise<Session | Refusal> => {
    if (isClosed) return CLOSED;
    if (live?.connection.isOpen) return live;
    opening ??= openSession(options)
      .then((opened) => {
        if ('ok' in opened) return opened;
        live = opened;
        if (isClosed) opened.connection.close();
        return opened;
      })
      .finally(() => {
        opening = undefined;
      });
    const opened = await orAborted(opening, signal);
    return opened ?? OUT_OF_TIME;
  };

  const exchange = async (request: Search | Write, signal: AbortSignal): Promise<Answer<Reply>> => {
    const opened = await session(signal);
    if ('ok' in opened) return opened;
    return answerOf(await opened.connection.send(askable(request, opened), signal), signal);
  };

  const send = async (request: Search | Write, { signal }: Calling): Promise<Answer<Reply>> => {
    const restMs = breaker.enter();
    if (restMs !== undefined)
      return { ok: false, class: 'unavailable', detail: 'The directory did not answer lately.', retryAfterMs: restMs };
    const leave = await limit.enter(signal);
    try {
      const answer = leave === undefined ? OUT_OF_TIME : await exchange(request, signal);
      breaker.settle(settledAs(answer));
      return answer.ok ? answer : { ...answer, detail: redact(answer.detail) };
    } finally {
      leave?.();
    }
  };

  return {
    search: send,
    write: send,
    close() {
      isClosed = true;
      live?.connection.close();
    },
  };
}

const CLOSED: Refusal = { ok: false, class: 'unavailable', detail: 'The connector is closed.' };
const OUT_OF_TIME: Refusal = { ok: false, class: 'unavailable', detail: 'The time was over before anything was sent.' };

async function openSession({ codec, place, bindDn, password, clock }: DirectoryOptions): Promise<Session | Refusal> {
  const patience = new AbortController();
  const cancel = clock.after(BOUNDS.executionMs / 2, () => patience.abort());
  try {
    const opened = await openConnection({ codec, place, bindDn, password, signal: patience.signal });
    if (!(opened instanceof Connection)) return { ok: false, ...opened };
    return { connection: opened, asserts: await knowsAssertions(opened, patience.signal) };
  } finally {
    cancel();
  }
}

/** RFC 4512 §5.1: the server's own entry lists the controls that it knows. */
async function knowsAssertions(connection: Connection, signal: AbortSignal): Promise<boolean> {
  const attribute = 'supportedControl';
  const filter = has('objectClass');
  const said = await connection.send(
    { kind: 'search', base: [], scope: 'base', filter, attributes: [attribute] },
    signal,
  );
  if (said.kind !== 'reply') return false;
  return said.reply.entries.some(({ attributes }) =>
    attributes.some(({ values }) => values.some((oid) => oid === ASSERTION)),
  );
}

/** Where the server knows no conditions a write goes without: between reading and writing somebody may have changed it. */
function askable(request: Search | Write, { asserts }: Session): Search | Write {
  return request.kind === 'search' || asserts ? request : { ...request, assert: undefined };
}

function answerOf(exchanged: Exchanged, signal: AbortSignal): Answer<Reply> {
  switch (exchanged.kind) {
    case 'unsent':
      return { ok: false, class: 'unavailable', detail: 'The connection was gone before anything was sent.' };
    case 'too-large':
      return { ok: false, class: 'too-large', detail: 'The answer is larger than the bound for one response.' };
    case 'broken':
      return signal.aborted
        ? { ok: false, class: 'ambiguous', detail: 'The directory did not answer in time.', timedOut: true }
        : { ok: false, class: 'ambiguous', detail: 'The connection broke before the answer was there.' };
    case 'reply': {
      const { code, message } = exchanged.reply;
      const failure = failureOfCode(code, message);
      return failure === undefined ? { ok: true, value: exchanged.reply } : { ok: false, code, ...failure };
    }
    default:
      return exchanged satisfies never;
  }
}

function settledAs(answer: Answer<Reply>): 'answered' | 'unanswered' | 'unsent' {
  if (answer.ok || answer.code !== undefined) return 'answered';
  return answer.class === 'credential' ? 'answered' : answer === OUT_OF_TIME ? 'unsent' : 'unanswered';
}

/** A base that is not there is an empty answer. */
export const isAbsent = (answer: Answer<unknown>): boolean => !answer.ok && answer.code === NO_SUCH_OBJECT;
