import { Counter } from '../../lib/metrics/counter.ts';
import type { Metric } from '../../lib/metrics/metric.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { HttpResult } from './http-client.ts';

type Failed = Extract<HttpResult, { readonly ok: false }>;

/** What one client tells of its calls. */
export interface ClientMeter {
  /** A call ended, after all its attempts. */
  ended(result: HttpResult): void;
  /** It is sent again after the wait. */
  waits(failed: Failed, waitMs: number): void;
  watch(breaker: Pick<CircuitBreaker, 'isOpen'>): void;
}

/** Counts what the HTTP clients of all systems do, for /metrics. */
export class HttpMeter {
  readonly #calls = new Counter({
    name: 'interlock_connector_calls_total',
    help: 'Calls to systems over HTTP, by how they ended and the class of the status; `none`: there was no answer.',
    labels: ['system', 'outcome', 'status_class'],
  });
  readonly #retries = new Counter({
    name: 'interlock_connector_retries_total',
    help: 'Calls that were sent again, by system and what the attempt before came to.',
    labels: ['system', 'outcome'],
  });
  readonly #waits = new Counter({
    name: 'interlock_connector_rate_limit_wait_seconds_total',
    help: 'Time waited because a system said that it is asked too often.',
    labels: ['system'],
  });
  readonly #breakers: { readonly system: string; readonly breaker: Pick<CircuitBreaker, 'isOpen'> }[] = [];

  /** For the clients of a system; made once a client. */
  of(system: string): ClientMeter {
    return {
      ended: (result) => {
        const outcome = result.ok ? 'ok' : result.class;
        this.#calls.add([system, outcome, statusClassOf(result)]);
      },
      waits: (failed, waitMs) => {
        this.#retries.add([system, failed.class]);
        if (failed.class === 'rate-limited') this.#waits.add([system], waitMs / 1_000);
      },
      watch: (breaker) => void this.#breakers.push({ system, breaker }),
    };
  }

  metrics(): readonly Metric[] {
    const open = new Map<string, boolean>();
    for (const { system, breaker } of this.#breakers) open.set(system, open.get(system) === true || breaker.isOpen);
    return [
      ...[this.#calls, this.#retries, this.#waits].map((each) => each.metric()),
      {
        name: 'interlock_connector_circuit_open',
        help: '1 while calls to the system are held back because it does not answer.',
        type: 'gauge',
        samples: [...open].map(([system, isOpen]) => ({ labels: { system }, value: isOpen ? 1 : 0 })),
      },
    ];
  }
}

function statusClassOf(result: HttpResult): string {
  const status = result.reply?.status;
  return status === undefined ? 'none' : `${Math.trunc(status / 100)}xx`;
}
