import { BOUNDS } from '../../lib/bounds.ts';
import type { Clock } from '../../lib/clock.ts';
import type { HttpResult } from './http-client.ts';

/** Keeps calls from a system that is down, so that they fail at once and it can recover. */
export interface CircuitBreaker {
  /** Undefined: go on, and say by `settle` what came of it. Otherwise milliseconds until one call may try again. */
  enter(): number | undefined;
  settle(outcome: 'answered' | 'unanswered' | 'unsent'): void;
  readonly isOpen: boolean;
}

/**
 * Opens after {@link BOUNDS.circuitFailures} calls in a row that the system did not answer. After a rest one call
 * tries it: an answer closes the circuit, none opens it again. An answer that refuses is an answer.
 */
export function createCircuitBreaker(clock: Clock): CircuitBreaker {
  let failures = 0;
  let restsUntil = 0;
  let isTrying = false;
  const isOpen = () => failures >= BOUNDS.circuitFailures;
  return {
    get isOpen() {
      return isOpen();
    },
    enter() {
      if (!isOpen()) return undefined;
      const restMs = restsUntil - clock.now();
      if (restMs > 0 || isTrying) return Math.max(restMs, BOUNDS.outboundBackoffMs);
      isTrying = true;
      return undefined;
    },
    settle(outcome) {
      isTrying = false;
      if (outcome === 'unsent') return;
      failures = outcome === 'answered' ? 0 : failures + 1;
      if (isOpen()) restsUntil = clock.now() + BOUNDS.circuitRestMs;
    },
  };
}

/** Whether the system answered. A 5xx is no answer; a call that never left because of us says nothing. */
export function settledAs(result: HttpResult): 'answered' | 'unanswered' | 'unsent' {
  if (result.ok || (result.reply !== undefined && result.reply.status < 500)) return 'answered';
  if (result.reply !== undefined || result.class === 'ambiguous') return 'unanswered';
  return result.class === 'unavailable' ? 'unanswered' : 'unsent';
}
