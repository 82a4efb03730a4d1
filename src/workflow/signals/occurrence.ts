import type { Action } from '../../action/action.ts';
import type { Effect } from '../../action/effect.ts';
import type { ActionDecided, EventPayloads } from '../../action/event.ts';
import type { ResourceRef } from '../../action/resource.ts';
import type { SignalStatus, SignalValues } from '../../action/signal.ts';
import type { ActionView, WorkflowView } from '../../action/view.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import { sha256 } from '../../lib/digest.ts';
import type { Json, JsonObject } from '../../lib/json.ts';
import { settledEffect } from '../action-state.ts';

/** An action, earlier or present, as signals see it. */
export interface Occurrence {
  readonly workflow: string;
  readonly action: string;
  readonly user: string;
  readonly agent: string;
  readonly session: string;
  readonly operation: string;
  readonly resources: readonly ResourceRef[];
  readonly effect?: Effect | undefined;
  readonly input: JsonObject;
  readonly labels: readonly string[];
  /** Those whose approvals its decision relied on. */
  readonly approvers: readonly string[];
  /** What its own decision read. */
  readonly signals: SignalValues;
  readonly status: SignalStatus;
  /** When it was decided, in ms since 1970: that is when it happened. */
  readonly at: number;
  /** The version of its workflow that it was decided on: its order among those of one moment. */
  readonly seen: number;
}

type Completed = EventPayloads['action.completed'];

export function occurrenceOf(
  decided: ActionDecided,
  {
    workflow,
    at,
    completed,
    approvers,
  }: Pick<Occurrence, 'workflow' | 'at' | 'approvers'> & {
    readonly completed: Completed | undefined;
  },
): Occurrence {
  return {
    workflow,
    action: decided.action,
    user: decided.onBehalfOf,
    agent: decided.agent,
    session: decided.session,
    operation: decided.operation,
    resources: decided.resources,
    // What a batch does is counted with its parts.
    effect: decided.parts === undefined ? settledEffect(decided.effect, completed) : undefined,
    input: decided.input ?? decided.requested,
    labels: completed === undefined ? decided.labels : [...decided.labels, ...completed.labels],
    approvers,
    signals: decided.signals?.at(-1) ?? {},
    status: statusOf(decided, completed),
    at,
    seen: decided.seen,
  };
}

/** The action that is about to be decided: what it would be if it were allowed. `behind`: its place in its batch, from 1. */
export function presentOf(action: Action, { id, version }: WorkflowView, now: number, behind = 0): Occurrence {
  const { session, agent, onBehalfOf } = action.principal;
  return {
    workflow: id,
    action: action.id,
    user: onBehalfOf,
    agent,
    session,
    operation: action.operation,
    resources: action.resources,
    effect: action.effect,
    input: action.input,
    labels: action.labels,
    approvers: [],
    signals: {},
    status: 'in-flight',
    at: now,
    seen: version + behind,
  };
}

/** An action as a view has it. */
export function recordedOccurrence(view: WorkflowView, record: ActionView): Occurrence {
  const { decided, decidedAt: at, completed } = record;
  return occurrenceOf(decided, { workflow: view.id, at, completed, approvers: approversOf(view, decided) });
}

export function approversOf({ approvals }: Pick<WorkflowView, 'approvals'>, { consumes }: ActionDecided): string[] {
  return consumes.flatMap((id) => approvals.get(id)?.answer?.by ?? []);
}

/** What an agent says of its own action is no evidence: it gives nothing back, and nothing rests on it. */
function statusOf({ decision }: ActionDecided, completed: Completed | undefined): SignalStatus {
  switch (decision) {
    case 'deny':
      return 'denied';
    case 'step_up':
    case 'defer':
      return 'held';
    case 'allow':
    case 'modify':
      if (completed === undefined) return 'in-flight';
      return completed.source === 'agent' ? 'unknown' : completed.status;
    default:
      return decision satisfies never;
  }
}

/** The value at a path of an input; a list is each of its elements, anything else that policies cannot see is none. */
export function scalarsAt(input: JsonObject, path: readonly string[]): readonly Scalar[] {
  let value: Json | undefined = input;
  for (const step of path) {
    if (value === null || typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, step)) return [];
    value = (value as JsonObject)[step]; // no array, as just seen
  }
  return (Array.isArray(value) ? value : [value]).filter(isScalar).map(bounded);
}

/** A long text counts by its digest: what is remembered of others has a bound, and equal ones stay equal. */
export function bounded(value: Scalar): Scalar {
  return typeof value === 'string' && value.length > BOUNDS.signalValueCharacters ? sha256(value) : value;
}

export type Scalar = string | number | boolean;

function isScalar(value: unknown): value is Scalar {
  if (typeof value === 'string') return value.isWellFormed();
  return typeof value === 'number' || typeof value === 'boolean';
}
