import type { z } from 'zod';
import type { Activity } from '../action/action.ts';
import type { Effect, EffectKind, Spent } from '../action/effect.ts';
import type { FactDescriptor, FactSubject, FactType, FactValue } from '../action/fact.ts';
import type { OperationProvenance } from '../action/provenance.ts';
import type { RequestShape } from '../action/request-shape.ts';
import type { ResourceRef, ResourceType } from '../action/resource.ts';
import type { Clock } from '../lib/clock.ts';
import type { ErrorCode } from '../lib/errors.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import type { OpenWire } from './conformance/wire.ts';
import type { HttpCall, HttpClient, HttpReply } from './http/http-client.ts';

/** Where a fact about a vendor comes from: marks as in the connector's page (`spec`, `sdk`, `rec`, `doc`, `3rd`, `mem`). */
export interface Evidence {
  readonly mark: 'spec' | 'sdk' | 'rec' | 'doc' | '3rd' | 'mem';
  /** What it says, or where it stands. */
  readonly source: string;
}

/** What happens when the same call is made twice; retries follow the class. */
export type Repeat =
  | { readonly class: 'read-only' }
  | { readonly class: 'naturally-idempotent'; readonly evidence: Evidence }
  | {
      readonly class: 'idempotent-key';
      /** Where the key goes, e.g. `header Idempotency-Key`. */
      readonly where: string;
      readonly keptForMs: number;
      readonly evidence: Evidence;
    }
  | { readonly class: 'at-most-once'; readonly evidence: Evidence };

/** What execution returns. Throwing is for bugs; a refusal of the system is a value. */
export type ExecutionResult =
  | {
      readonly status: 'succeeded';
      readonly result: unknown;
      /** What it took of what its effect reserved, where the system says so; left out, all of it stays taken. */
      readonly spent?: Spent | undefined;
    }
  | {
      readonly status: 'accepted';
      readonly result?: unknown;
      /** What `probe` needs to ask for the end. */
      readonly handle: JsonObject;
    }
  /** It certainly had no effect. */
  | {
      readonly status: 'failed';
      readonly code: ErrorCode;
      readonly detail: string;
      /** Whether the refusal carried data of the system, which then counts as read. */
      readonly exposed: boolean;
      readonly retryAfterMs?: number | undefined;
    }
  | { readonly status: 'unknown'; readonly code: ErrorCode; readonly detail: string };

/** What an executor may use. Nothing else of the outside world is in reach of a connector. */
export interface ExecutionContext {
  /** Stable per action: the idempotency key, and the mark by which a read-back finds the effect. */
  readonly actionId: string;
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Ends the call; aborted at the deadline. */
  readonly signal: AbortSignal;
  /**
   * Takes the answer piece by piece while it comes: set for an operation that `streams` where the caller wants it and no
   * obligation is due on the result. What `execute` returns in the end is still the whole answer.
   */
  readonly deliver?: ((piece: JsonObject) => void) | undefined;
}

/** The answer of a read-back: did the action take effect? `undetermined` keeps the outcome unknown. */
export type ProbeResult =
  | { readonly status: 'applied'; readonly result?: unknown }
  | { readonly status: 'not-applied' }
  | { readonly status: 'running' }
  | { readonly status: 'undetermined'; readonly detail: string };

export type Execute<I> = (input: I, context: ExecutionContext) => Promise<ExecutionResult>;
export type Probe<I> = (
  input: I,
  context: ExecutionContext & { readonly handle?: JsonObject | undefined },
) => Promise<ProbeResult>;

/** The operation and input that take an effect back, given what was done and what came of it; undefined: this one cannot be. */
export type Undo<I> = (
  input: I,
  result: Json | undefined,
) => { readonly operation: string; readonly input: JsonObject } | undefined;

interface OperationBase<I extends z.ZodObject, O extends z.ZodType> {
  /** `system.noun.verb`. */
  readonly name: string;
  /** One line for people and agents: what it does, and what is dangerous about it. */
  readonly description: string;
  /** Default `tool`; `data` for dataset accesses, `model` for model calls. */
  readonly activity?: Activity | undefined;
  /** A strict object: unknown fields are refused. */
  readonly input: I;
  /** What the system answers; unknown fields are stripped, so that an undeclared one can never leak. */
  readonly output: O;
  /** Facets for policies, computed from the parsed input, e.g. recipients and domains of a message. */
  readonly facets?: { readonly schema: z.ZodObject; readonly of: (input: z.output<I>) => JsonObject } | undefined;
  /** Every type that `resources` can return. */
  readonly resourceTypes: readonly [ResourceType, ...ResourceType[]];
  readonly resources: (input: z.output<I>) => readonly [ResourceRef, ...ResourceRef[]];
  /** What reading the answer exposes to, known from the input alone. */
  readonly labels?: ((input: z.output<I>) => readonly string[]) | undefined;
  /** Further labels found in the answer. */
  readonly resultLabels?: ((result: z.output<O>, input: z.output<I>) => readonly string[]) | undefined;
  /**
   * What the answer shows to have been touched, besides `resources`: the record that was created, those that a search
   * found. What one agent wrote reaches another by these.
   */
  readonly touched?: ((result: z.output<O>, input: z.output<I>) => readonly ResourceRef[]) | undefined;
  /** What its arguments decide and who answers for what it returns. Left out: by the shapes of the values. */
  readonly provenance?: OperationProvenance | undefined;
  readonly execute: Execute<z.output<I>>;
  /** It can give its answer piece by piece. It then has no `resultLabels`: they could come after what they are about. */
  readonly streams?: boolean | undefined;
  readonly evidence: readonly Evidence[];
}

export interface ReadOperation<I extends z.ZodObject = z.ZodObject, O extends z.ZodType = z.ZodType>
  extends OperationBase<I, O> {
  readonly kind: 'read';
  /** Whether the request itself can be seen outside, as a search on a public service; default false. */
  readonly external?: boolean;
  readonly repeat?: { readonly class: 'read-only' };
}

export interface WriteOperation<I extends z.ZodObject = z.ZodObject, O extends z.ZodType = z.ZodType>
  extends OperationBase<I, O> {
  readonly kind: 'write';
  readonly effect: (input: z.output<I>) => Effect;
  /** Every kind that `effect` can return; a test proves it. */
  readonly effectKinds: readonly [EffectKind, ...EffectKind[]];
  readonly repeat: Exclude<Repeat, { readonly class: 'read-only' }>;
  /** Reads the system back to settle an unknown outcome, and asks for the end of an accepted one. */
  readonly probe?: Probe<z.output<I>> | undefined;
  /** `none` needs a reason that people can read. */
  readonly undo: Undo<z.output<I>> | { readonly none: string };
  /** Set by `batchOperation` for a call that carries others: each is judged for itself. */
  readonly batch?: Batch<z.output<I>> | undefined;
}

/** One call inside another: an operation of the same system, and what it is called with. */
export interface PartCall {
  readonly operation: string;
  readonly input: JsonObject;
}

/** What came of one part. */
export interface PartOutcome {
  readonly status: 'succeeded' | 'failed' | 'unknown';
  /** What the part's own operation would have answered. */
  readonly result?: Json | undefined;
  /** Why it failed, in the system's own words. */
  readonly detail?: string | undefined;
}

/** How a call that carries others is taken apart. */
export interface Batch<I> {
  /** Every operation that can be a part; none is a batch itself. */
  readonly operations: readonly AnyOperation[];
  /** Every part, in the order in which the system runs them; at least one. Throws INVALID_INPUT for what cannot be told. */
  readonly parts: (input: I) => readonly PartCall[];
  /** One for each part, in the same order, from what the batch has answered. */
  readonly outcomes: (result: Json | undefined, input: I) => readonly PartOutcome[];
}

export type Operation<I extends z.ZodObject = z.ZodObject, O extends z.ZodType = z.ZodType> =
  | ReadOperation<I, O>
  | WriteOperation<I, O>;

/** An operation whose types are forgotten, as the registry holds it. */
// biome-ignore lint/suspicious/noExplicitAny: inputs are parsed by the operation's own schema before its functions see them
export type AnyOperation = ReadOperation<any, any> | WriteOperation<any, any>;

/** Declares an operation that only reads. */
export function readOperation<I extends z.ZodObject, O extends z.ZodType>(
  operation: Omit<ReadOperation<I, O>, 'kind'>,
): ReadOperation<I, O> {
  return { kind: 'read', ...operation };
}

/** Declares an operation that changes something. Without effect, repeat semantics and undo it does not type-check. */
export function writeOperation<I extends z.ZodObject, O extends z.ZodType>(
  operation: Omit<WriteOperation<I, O>, 'kind'>,
): WriteOperation<I, O> {
  return { kind: 'write', ...operation };
}

export interface Authentication {
  /** Headers for the next call; may fetch a token through `http` (never under the connector's own authentication). */
  headers(http: HttpClient): Promise<Readonly<Record<string, string>>>;
  /**
   * The system refused these headers: forget the token they carried, unless a newer one is there already.
   * Answers whether another try makes sense.
   */
  refused(headers: Readonly<Record<string, string>>): boolean;
}

/**
 * Something that workers look up beside the decision, so that policies can ask for it: `context.facts`, and
 * `@unless("fact(…)")`. It is looked up only where a policy in force asks, when an action about its subject comes.
 */
export interface Enricher {
  /** A camelCase word. Policies put the system's name before it: `userStatus` of `okta` is `oktaUserStatus`. */
  readonly name: string;
  /** One line: what it says, and of whom or what. */
  readonly title: string;
  readonly type: FactType;
  /** The user of the workflow, by the id that the workflow has for it, or resources of these types of the same system. */
  readonly about: FactDescriptor['about'];
  /** How long an observation counts. */
  readonly ttlMs: number;
  /** Only reads. Undefined: the system knows nothing of the subject. Throws an InterlockError; a retryable one is tried again. */
  readonly fetch: (subject: FactSubject, context: ExecutionContext) => Promise<FactValue | undefined>;
  /**
   * For facts about resources: labels that the value gives to the resource, out of the connector's own. They are never
   * taken back. What it does not understand is nothing, or the worst that it stands for; what it does not declare, or
   * throws, counts as all of the connector's labels.
   */
  readonly labels?: ((value: FactValue) => readonly string[]) | undefined;
  readonly evidence: readonly Evidence[];
}

/** How a system says no. Total: every reply maps to something. */
export type FailureClass =
  /** Nothing happened; the same call can never succeed. */
  | 'refused'
  /** Nothing happened; the credential is not good. */
  | 'credential'
  /** Nothing happened; later perhaps. */
  | 'rate-limited'
  | 'unavailable'
  /** It may have happened. */
  | 'ambiguous';

export interface Failure {
  readonly class: FailureClass;
  /** The system's own words, redacted. */
  readonly detail: string;
  readonly retryAfterMs?: number | undefined;
}

export interface RefusedOperation {
  readonly operation: string;
  readonly code: ErrorCode;
  readonly detail: string;
}

/** What a connector's `connect` returns: its operations, bound to one system with one credential. */
export interface ConnectedSystem {
  readonly operations: readonly AnyOperation[];
  readonly resourceTypes: Readonly<Record<ResourceType, Readonly<Record<string, 'String' | 'Long' | 'Bool'>>>>;
  /** Every label that an operation of it can attach. */
  readonly labels: readonly string[];
  readonly enrichers?: readonly Enricher[] | undefined;
  /** Operations that exist and may not be used now; asked at every call, because definitions change in mid-life. */
  readonly refused?: (() => readonly RefusedOperation[]) | undefined;
  /** How its operations look on the wire, for gateways that see such requests go by. */
  readonly requests?: readonly RequestShape[] | undefined;
  readonly http?: HttpClientOptions | undefined;
  /** A dry run that proves the credential works; for `doctor`. Throws an InterlockError. */
  readonly check?: ((context: ExecutionContext) => Promise<void>) | undefined;
  readonly close?: (() => Promise<void>) | undefined;
}

export interface HttpClientOptions {
  /** `https://host[:port]`; the lock: no call leaves it. http is accepted for loopback only. */
  readonly origin: string;
  readonly authentication: Authentication;
  /** Reads a reply: undefined when it is a success, also where the vendor says no inside a 200. */
  readonly failureOf: (reply: HttpReply, call: HttpCall) => Failure | undefined;
  readonly timeoutMs?: number | undefined;
}

/** One System of Record: the default export of `connectors/<system>/index.ts`, or of a third party's package. */
export interface Connector<S extends z.ZodObject = z.ZodObject> {
  /** The kind of system, e.g. `servicenow`; the configuration may give an instance of it another name. */
  readonly system: string;
  readonly title: string;
  /** Settings in the configuration file. Secrets are {@link secretReference} fields and arrive resolved. */
  readonly settings: S;
  connect(settings: z.output<S>, environment: ConnectorEnvironment): Promise<ConnectedSystem>;
  readonly simulate?: Simulate | undefined;
  /** For systems whose operations come from a list that somebody must classify and accept, as an MCP server's tools. */
  readonly intake?: Intake<S> | undefined;
}

export interface Intake<S extends z.ZodObject = z.ZodObject> {
  /** A manifest for what the system offers now, as text: everything unclassified, with a proposal and a reason for each. */
  propose(settings: z.output<S>, environment: ConnectorEnvironment): Promise<string>;
  /** The same for a description in a file, without a configured system. Throws CONNECTOR_INVALID. */
  proposeFrom?(file: string): Promise<string>;
  /** Accepts the present definition of one tool; answers its pin. Throws NOT_FOUND and OPERATION_UNCLASSIFIED. */
  accept(settings: z.output<S>, environment: ConnectorEnvironment, tool: string): Promise<string>;
}

export interface ConnectorEnvironment {
  /** The name of this instance; the first segment of its operations. */
  readonly system: string;
  readonly clock: Clock;
  /** Where the configuration file stands: relative paths in settings start here. */
  readonly baseDirectory: string;
  log(level: 'info' | 'warn', message: string, data?: JsonObject): void;
}

// biome-ignore lint/suspicious/noExplicitAny: settings are parsed by the connector's own schema before `connect` sees them
export type AnyConnector = Connector<any>;

/** Gives a connector its types; use as `export default defineConnector({ … })`. */
export function defineConnector<S extends z.ZodObject>(connector: Connector<S>): Connector<S> {
  return connector;
}

/** A simulated system: a small stateful server in the vendor's dialect, whose audit log is the truth of effects. */
export type Simulate = (options: SimulatorOptions) => Promise<Simulator>;

export interface SimulatorOptions {
  /** 0 chooses a free one; always on 127.0.0.1. */
  readonly port: number;
  readonly seed?: number;
  readonly clock?: Clock;
  /** Appends each audit entry as one JSON line here too, so that it survives the process. */
  readonly auditFile?: string | undefined;
  /** Answers `POST /__simulator/faults` and `GET /__simulator/audit`, so that another process can steer and read it. */
  readonly control?: boolean | undefined;
}

export interface AuditEntry {
  readonly at: number;
  /** The vendor's method and path. */
  readonly call: string;
  /** What changed, e.g. `incident.create`. */
  readonly effect: string;
  readonly target: string;
  /** Whatever marks the call as this action's: the idempotency key or correlation id it carried. */
  readonly correlation?: string | undefined;
}

export interface Simulator {
  readonly origin: string;
  /** Settings with which this connector can reach it: plain values where the connector wants secrets. */
  readonly settings: JsonObject;
  audit(): readonly AuditEntry[];
  /** Makes the next matching calls fail. `before`: nothing happens; `after`: the effect happens, the answer is lost. */
  fail(fault: SimulatorFault): void;
  /** For a system that does not speak HTTP: what the conformance suite puts between it and the connector. */
  readonly openWire?: OpenWire | undefined;
  close(): Promise<void>;
}

export interface SimulatorFault {
  readonly when: 'before' | 'after';
  /** What the caller sees: a status, or a connection that is cut. */
  readonly answer: number | 'reset' | 'hang';
  /** How many calls; default 1. */
  readonly times?: number;
  /** Only calls whose `METHOD /path` begins so. */
  readonly call?: string;
}
