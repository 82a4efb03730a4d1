import type { CanonicalTexts } from '../lib/canonical-json.ts';
import type { Digest } from '../lib/digest.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Effect } from './effect.ts';
import type { OperationProvenance } from './provenance.ts';
import type { ResourceRef } from './resource.ts';

/** `run`: Interlock executes what was decided. `decide`: the caller executes and reports with `settle`. */
export type ActionMode = 'run' | 'decide';

/** What an agent asks for, before anything is known about it. */
export interface Call {
  /** Chosen by the caller to make a repetition recognisable; else Interlock chooses. */
  readonly id?: string | undefined;
  readonly operation: string;
  readonly input: JsonObject;
}

/** Who acts, fixed by the session token; never taken from the call. */
export interface Principal {
  readonly tenant: string;
  readonly workflow: string;
  readonly session: string;
  readonly agent: string;
  readonly onBehalfOf: string;
}

/** One attempt at an operation in the common schema: parsed, typed, with its effect and what it touches. */
export interface Action {
  readonly id: string;
  readonly mode: ActionMode;
  readonly principal: Principal;
  readonly operation: string;
  readonly system: string;
  readonly activity: Activity;
  /** The parsed input: what zod returned, JSON again. */
  readonly input: JsonObject;
  /** The canonical form of `input`, where it was made already: it is hashed and stored more than once. */
  readonly texts?: CanonicalTexts | undefined;
  /** SHA-256 of mode, operation and the input as it was sent: tells a repetition from a reuse of the id. */
  readonly callDigest: Digest;
  readonly effect: Effect;
  /** The first is Cedar's `resource`; all of them enter the view. */
  readonly resources: readonly [ResourceRef, ...ResourceRef[]];
  /** Labels that reading the answer exposes the agent to, known before it is read. */
  readonly labels: readonly string[];
  /** What the operation says of its values. */
  readonly provenance?: OperationProvenance | undefined;
  /** What policies see of the input, by name: only declared fields, and facets derived by the connector. */
  readonly facets: JsonObject;
  /** Of a call that carries others: each as an action of its own, in the order in which the system runs them. */
  readonly parts?: readonly Action[] | undefined;
  /** The batch that it is a part of. */
  readonly partOf?: string | undefined;
}

/** The id of the `number`-th part of a batch, from 1. Callers cannot choose one: their ids have no `#`. */
export function partId(batch: string, number: number): string {
  return `${batch}#${number}`;
}

export type Activity = 'tool' | 'data' | 'model';

/** Begins the ids of actions that take others back. An agent that could use one would keep its effect from being undone. */
export const UNDO_PREFIX = 'undo.';
