import type { Effect } from '../../action/effect.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { RateLimitDialect } from '../http/rate-limit-hint.ts';

/** What a connector's author gives the conformance suite: the default export of `conformance.ts` in the connector's folder. */
export interface ConformanceFixtures {
  /** At least one of each operation, and one for every kind of effect that an operation can have. */
  readonly samples: readonly ConformanceSample[];
  /** How the system refuses who calls too often; each is tried against the connector. */
  readonly rateLimits: readonly RateLimitExample[];
  /** Checks that do not apply, by name, each with a sentence that says why. They are counted and shown. */
  readonly bypass?: Readonly<Record<string, string>> | undefined;
}

/** One call that a freshly simulated system grants. */
export interface ConformanceSample {
  readonly operation: string;
  readonly input: JsonObject;
  /** What the audit of the simulated system shows afterwards, in order; empty for what only reads. */
  readonly effects: readonly string[];
  /** What the connector must say that this input does; the fields named must be equal. Left out for reads. */
  readonly effect?: Partial<Effect> | undefined;
  /** Calls that must have succeeded before, on the same simulated system; not part of `effects`. */
  readonly after?: readonly { readonly operation: string; readonly input: JsonObject }[] | undefined;
}

/** A refusal as the vendor sends it, and how long the connector must then wait; undefined: the vendor does not say. */
export interface RateLimitExample {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly dialect: RateLimitDialect['kind'] | 'none';
  readonly waitsMs: number | undefined;
}
