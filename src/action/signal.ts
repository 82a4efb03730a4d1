import type { Digest } from '../lib/digest.ts';
import type { Json } from '../lib/json.ts';
import type { EffectKind } from './effect.ts';

/**
 * What a signal makes of the earlier actions that its pattern finds. `formerly`: there is one. `never`: there is none.
 * `previous`: the one directly before is one. `since`: there is one, and none that ends it has come after it.
 */
export const SIGNAL_KINDS = [
  'count',
  'sum',
  'distinct',
  'first',
  'last',
  'formerly',
  'never',
  'previous',
  'since',
] as const;
export type SignalKind = (typeof SIGNAL_KINDS)[number];

/** Whose past is looked at; an agent's and a user's are those in all workflows of the tenant. */
export const SIGNAL_SCOPES = ['workflow', 'agent', 'user', 'tenant'] as const;
export type SignalScope = (typeof SIGNAL_SCOPES)[number];

/** Where an action stands. `in-flight`: allowed, and nothing is known of its outcome yet. */
export const SIGNAL_STATUSES = ['denied', 'held', 'in-flight', 'accepted', 'succeeded', 'failed', 'unknown'] as const;
export type SignalStatus = (typeof SIGNAL_STATUSES)[number];

export const SIGNAL_FIELDS = [
  'user',
  'agent',
  'session',
  'workflow',
  'operation',
  'resource',
  'resource.id',
  'approver',
  'at',
  'effect.kind',
  'effect.count',
  'effect.amount',
  'effect.currency',
] as const;

/** Something of an action; `path` is of its input. */
export type SignalField =
  | { readonly of: (typeof SIGNAL_FIELDS)[number] }
  | { readonly of: 'input'; readonly path: readonly string[] };

/** Finds earlier actions: all that is given must hold. Groups are resolved to operations. */
export interface SignalPattern {
  readonly operations?: readonly string[] | undefined;
  readonly effects?: readonly EffectKind[] | undefined;
  readonly statuses?: readonly SignalStatus[] | undefined;
  /** It exposed its agent to one of them. */
  readonly labels?: readonly string[] | undefined;
  /** It relied on a human's approval, or did not. */
  readonly approved?: boolean | undefined;
  readonly currencies?: readonly string[] | undefined;
  /** The field has one of the values. */
  readonly input?: readonly { readonly path: readonly string[]; readonly values: readonly Json[] }[] | undefined;
  /** Signals of type Bool that its own decision read as true, or as false. */
  readonly reads?: readonly { readonly signal: string; readonly value: boolean }[] | undefined;
  /** None of these finds it. */
  readonly not?: readonly SignalPattern[] | undefined;
}

/** The earlier action's field is the same as, or another than, the present action's. */
export interface SignalCorrelation {
  readonly event: SignalField;
  readonly present: SignalField;
  readonly same: boolean;
}

export type SignalScalar = 'Long' | 'Bool' | 'String' | 'decimal' | 'datetime' | { readonly entity: string };
export type SignalType = SignalScalar | { readonly setOf: SignalScalar };

/** A signal as it is folded: checked against the catalog, its defaults filled in. Plain data. */
export interface SignalDeclaration {
  readonly name: string;
  readonly kind: SignalKind;
  readonly scope: SignalScope;
  /** Older actions don't count; left out: none is too old. */
  readonly withinMs?: number | undefined;
  /** Younger ones don't count yet. */
  readonly agoMs?: number | undefined;
  /** One of them finds the action. */
  readonly events: readonly SignalPattern[];
  /** For `since`: what ends it. */
  readonly unless?: readonly SignalPattern[] | undefined;
  /** For `previous`: among which actions. */
  readonly among?: readonly SignalPattern[] | undefined;
  /** What is summed, told apart, or shown. */
  readonly of?: SignalField | undefined;
  readonly where: readonly SignalCorrelation[];
  /** For count, sum and distinct: as it would be with the present action. */
  readonly includePresent: boolean;
  readonly type: SignalType;
}

/** The signals of one policy set. */
export interface SignalPlan {
  readonly digest: Digest;
  /** Those that some policy reads, and those that others rest on; by the digest of each. */
  readonly declarations: ReadonlyMap<Digest, SignalDeclaration>;
  /** By name. */
  readonly types: ReadonlyMap<string, SignalType>;
  /** By operation: what a decision on it has to look up. */
  readonly readBy: ReadonlyMap<string, readonly Digest[]>;
}

/** By name; a signal that has no value, or does not exist for the operation, is left out. */
export type SignalValues = Readonly<Record<string, Json>>;
