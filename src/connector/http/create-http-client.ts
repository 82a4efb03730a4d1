import { BOUNDS } from '../../lib/bounds.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Authentication, HttpClientOptions } from '../contract.ts';
import { createAttempt } from './attempt.ts';
import { createCircuitBreaker, settledAs } from './circuit-breaker.ts';
import { createConcurrencyLimit } from './concurrency-limit.ts';
import type { HttpClient, HttpResult } from './http-client.ts';
import type { ClientMeter } from './http-meter.ts';
import { parseOrigin } from './origin-lock.ts';
import { pause } from './pause.ts';
import { withTraceParent } from './with-trace-parent.ts';

export interface CreateHttpClientOptions extends HttpClientOptions {
  readonly clock: Clock;
  /** 0 ≤ x < 1; spreads the back-off, so that many callers do not come back at once. */
  readonly random?: (() => number) | undefined;
  /** Told of what becomes of calls. */
  readonly meter?: ClientMeter | undefined;
  /** Tells the system of the trace that a call is part of. Default: it learns nothing of it. */
  readonly passesTrace?: boolean | undefined;
}

/**
 * The client of one system: locked to its origin, authenticated, bounded in time, size and number, retrying by
 * class, and left alone for a while when it is down.
 * Throws CONFIG_INVALID for an origin that is none; afterwards it answers every failure as a value.
 */
export function createHttpClient(options: CreateHttpClientOptions): HttpClient {
  const { clock, random = Math.random, timeoutMs = BOUNDS.executionMs, meter, passesTrace = false } = options;
  const attempt = createAttempt({ ...options, bare: withoutCredential(options) }, parseOrigin(options.origin));
  const limit = createConcurrencyLimit(BOUNDS.outboundConcurrency);
  const breaker = createCircuitBreaker(clock);
  meter?.watch(breaker);
  return {
    async send(call, { repeatable, reads = false, signal, onLines }) {
      const deadline = new AbortController();
      const cancel = clock.after(timeoutMs, () => deadline.abort());
      const rules: Rules = {
        repeatable,
        reads,
        signal: AbortSignal.any([signal, deadline.signal]),
        endsAt: clock.now() + timeoutMs,
        clock,
        random,
        meter,
      };
      const leave = await limit.enter(rules.signal);
      try {
        if (leave === undefined) return counted(TOO_LATE, meter);
        const restMs = breaker.enter();
        if (restMs !== undefined) return counted({ ...DOWN, retryAfterMs: restMs }, meter);
        // A hanging connection must leave time for another one, where another one is allowed.
        const attemptMs = repeatable ? timeoutMs / 2 : timeoutMs;
        const once = { repeatable, signal: rules.signal, attemptMs, onLines };
        let outcome: ReturnType<typeof settledAs> = 'unsent';
        try {
          const sent = passesTrace ? withTraceParent(call) : call;
          const result = await sendUntilSettled(() => attempt(sent, once), rules);
          // Who gave up before the system could answer says nothing of the system.
          if (!signal.aborted) outcome = settledAs(result);
          return counted(result, meter);
        } finally {
          breaker.settle(outcome);
        }
      } finally {
        leave?.();
        cancel();
      }
    },
  };
}

function counted(result: HttpResult, meter: ClientMeter | undefined): HttpResult {
  meter?.ended(result);
  return result;
}

/** The same system, spoken to without a credential; made when an authentication first asks for it. */
function withoutCredential(options: CreateHttpClientOptions): HttpClient {
  let client: HttpClient | undefined;
  const authentication: Authentication = { headers: async () => ({}), refused: () => false };
  return {
    send(call, sendOptions) {
      client ??= createHttpClient({ ...options, authentication });
      return client.send(call, sendOptions);
    },
  };
}

const TOO_LATE: HttpResult = { ok: false, class: 'unavailable', detail: 'The time was over before the call was sent.' };

const DOWN: Extract<HttpResult, { ok: false }> = {
  ok: false,
  class: 'unavailable',
  detail: 'Nothing was sent: the system has not answered for a while, and is tried again later.',
};

interface Rules {
  readonly repeatable: boolean;
  readonly reads: boolean;
  readonly signal: AbortSignal;
  readonly endsAt: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly meter: ClientMeter | undefined;
}

async function sendUntilSettled(attempt: () => Promise<HttpResult>, rules: Rules): Promise<HttpResult> {
  let mayHaveBeenApplied = false;
  for (let sent = 1; ; sent++) {
    const result = await attempt();
    if (result.ok) return result;
    mayHaveBeenApplied ||= result.class === 'ambiguous' && !rules.reads;
    const waitMs = waitBeforeNext(result, sent, rules);
    if (waitMs !== undefined) rules.meter?.waits(result, waitMs);
    if (waitMs === undefined || !(await pause(rules.clock, waitMs, rules.signal))) {
      // That the last try did nothing says nothing of those before it.
      return mayHaveBeenApplied ? { ...result, class: 'ambiguous' } : result;
    }
  }
}

/** Milliseconds until the call may be sent again; undefined where it may not, or not in time. */
function waitBeforeNext(failed: Extract<HttpResult, { ok: false }>, sent: number, rules: Rules): number | undefined {
  if (sent >= BOUNDS.outboundAttempts || rules.signal.aborted) return undefined;
  const nothingHappened = failed.class === 'rate-limited' || failed.class === 'unavailable';
  if (!nothingHappened && !(failed.class === 'ambiguous' && rules.repeatable)) return undefined;
  const backoffMs = BOUNDS.outboundBackoffMs * 2 ** (sent - 1) * (1 - rules.random() / 2);
  const waitMs = Math.max(backoffMs, failed.retryAfterMs ?? 0);
  return rules.clock.now() + waitMs < rules.endsAt ? waitMs : undefined;
}
