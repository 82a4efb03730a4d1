import type { Effect } from '../../action/effect.ts';
import type { FactSubject, FactValue } from '../../action/fact.ts';
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
  /**
   * Further inputs that are described and not run. With the samples they show the weakest effect of each kind that an
   * operation can have: an input whose effect is weaker than all of them is a finding.
   */
  readonly effectCases?: readonly EffectCase[] | undefined;
  /** Calls whose first answer has a next page on a freshly simulated system. */
  readonly paging?: readonly ConformanceCall[] | undefined;
  /** What shows that an undo left everything as it was: compared before and after, without the fields named. */
  readonly state?: { readonly reads: readonly ConformanceCall[]; readonly ignore: readonly string[] } | undefined;
  /** One lookup of each enricher on a freshly simulated system. */
  readonly facts?: readonly FactSample[] | undefined;
  /** Who stands beside the simulator, by operation; `*` is every operation not named. Left out: nobody does. */
  readonly judgedBy?: Readonly<Record<string, Judge | readonly Judge[]>> | undefined;
  /** Settings with plain values, to connect what has no simulator; nothing is called with them. */
  readonly settings?: JsonObject | undefined;
}

/**
 * An independent judge of what an operation sends: the vendor's published description, the vendor's own SDK against the
 * same recorder, or a real server.
 */
export type Judge = 'description' | 'sdk' | 'server' | 'none';

/** What an enricher must say of a subject; undefined: the system knows nothing of it. */
export interface FactSample {
  /** The enricher's own name, without the system's. */
  readonly name: string;
  readonly subject: FactSubject;
  readonly value: FactValue | undefined;
  /** What that value gives to the resource; needed of each enricher that has `labels`. */
  readonly labels?: readonly string[] | undefined;
}

export interface ConformanceCall {
  readonly operation: string;
  readonly input: JsonObject;
}

/** An input and what the connector must say that it does; the fields named must be equal. */
export interface EffectCase extends ConformanceCall {
  readonly effect: Partial<Effect>;
  /** What is special about the input, for the page: `with groups`. */
  readonly when?: string | undefined;
}

/** One call that a freshly simulated system grants. */
export interface ConformanceSample extends ConformanceCall {
  /** What the audit of the simulated system shows afterwards, in order; empty for what only reads. */
  readonly effects: readonly string[];
  /** What the connector must say that this input does; the fields named must be equal. Left out for reads. */
  readonly effect?: Partial<Effect> | undefined;
  /** What is special about the input, for the page: `with groups`. */
  readonly when?: string | undefined;
  /** Calls that must have succeeded before, on the same simulated system; not part of `effects`. */
  readonly after?: readonly ConformanceCall[] | undefined;
  /** Checks that do not apply to this sample, as `bypass` of the fixtures. */
  readonly bypass?: Readonly<Record<string, string>> | undefined;
}

/** The time at which the examples of rate limits are tried: 2026-01-01T00:00:00Z, in milliseconds since 1970. */
export const CONFORMANCE_NOW_MS = 1_767_225_600_000;

/** A refusal as the vendor sends it, and how long the connector must then wait; undefined: the vendor does not say. */
export interface RateLimitExample {
  readonly status: number;
  /** A time in them counts from {@link CONFORMANCE_NOW_MS}. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly dialect: RateLimitDialect['kind'] | 'none';
  readonly waitsMs: number | undefined;
}
