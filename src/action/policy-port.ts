import type { Obligation } from './obligation.ts';
import type { SignalPlan } from './signal.ts';

/** A Cedar entity. A class of its own, so that nothing in an agent's data can be mistaken for one. */
export class EntityRef {
  readonly type: string;
  readonly id: string;

  constructor(type: string, id: string) {
    this.type = type;
    this.id = id;
  }
}

/** A 64-bit integer. One form per value: a `number` within ±(2^53-1), a `bigint` beyond. */
export type Long = number | bigint;

export function toLong(value: bigint): Long {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** A Cedar `datetime`, in milliseconds since 1970. */
export class CedarDatetime {
  readonly epochMs: Long;

  constructor(epochMs: Long) {
    this.epochMs = epochMs;
  }
}

/** A Cedar `duration`, in milliseconds. */
export class CedarDuration {
  readonly ms: Long;

  constructor(ms: Long) {
    this.ms = ms;
  }
}

/** A Cedar `decimal`, in ten-thousandths: 1.5 is 15,000 units. */
export class CedarDecimal {
  readonly units: Long;

  constructor(units: Long) {
    this.units = units;
  }
}

/** A Cedar `ipaddr`: an address or a range of them, `bits` long from the left (at most 32 for IPv4, 128 for IPv6). */
export class CedarIp {
  readonly version: 4 | 6;
  readonly address: bigint;
  readonly bits: number;

  constructor(version: 4 | 6, address: bigint, bits: number) {
    this.version = version;
    this.address = address;
    this.bits = bits;
  }
}

/** Cedar's extension types. */
export type ExtensionValue = CedarDatetime | CedarDuration | CedarDecimal | CedarIp;

/** What policies see. Integers in the one form of `Long`; arrays and sets become Cedar sets; `undefined` members are absent. */
export type PolicyValue =
  | string
  | Long
  | boolean
  | EntityRef
  | ExtensionValue
  | readonly PolicyValue[]
  | ReadonlySet<PolicyValue>
  | PolicyRecord;
export interface PolicyRecord {
  readonly [name: string]: PolicyValue | undefined;
}

export interface PolicyEntity {
  readonly attributes: PolicyRecord;
  readonly parents: readonly EntityRef[];
  /** The parents are all that it is in, so nobody has to look further. */
  readonly closed?: boolean | undefined;
  readonly tags?: PolicyRecord | undefined;
}

/** One question to the evaluator. Values are handed over by reference; an evaluator reads what it needs and keeps nothing. */
export interface PolicyRequest {
  readonly principal: EntityRef;
  readonly action: EntityRef;
  readonly resource: EntityRef;
  readonly context: PolicyRecord;
  /** Describes an entity, or says that nothing is known of it. Actions are described by the schema. */
  entity(ref: EntityRef): PolicyEntity | undefined;
  /** The entities that an evaluator without lazy look-up must be given: closed under parents. */
  entities(): Iterable<readonly [EntityRef, PolicyEntity]>;
}

/** Every policy that is satisfied and every policy that fails, by id: Cedar's own decision is derived from it, never the other way. */
export interface PolicyEvaluation {
  readonly permits: readonly string[];
  readonly forbids: readonly string[];
  readonly errors: readonly { readonly policy: string; readonly message: string }[];
}

/** Pure: no I/O, no clock. Throws POLICY_ENGINE_FAILED when the engine itself fails. */
export interface PolicyEvaluator {
  evaluate(request: PolicyRequest): PolicyEvaluation;
}

export interface PolicyDescription {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  readonly title: string;
  readonly severity?: string | undefined;
  /** What discharges this forbid; empty: nothing does. */
  readonly unless: readonly Obligation[];
  /** Where it is written, e.g. `baseline/privilege.cedar:12`. */
  readonly place: string;
}

/** One immutable, versioned whole; a decision uses exactly one. */
export interface PolicySet {
  /** SHA-256 over schema and policies. */
  readonly hash: string;
  readonly policies: ReadonlyMap<string, PolicyDescription>;
  readonly evaluator: PolicyEvaluator;
  /** The memory that its policies read; undefined: none. */
  readonly signals?: SignalPlan | undefined;
  /** What the conditions of a policy look at, e.g. `context.effect.external`. */
  readonly reads?: ((policy: string) => readonly string[]) | undefined;
}
