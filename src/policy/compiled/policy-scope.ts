import type { ActionConstraint, PrincipalConstraint } from '@cedar-policy/cedar-wasm/nodejs';
import type { EntityRef } from '../../action/policy-port.ts';
import type { EvaluationState } from './evaluation-state.ts';
import { invalidPolicy } from './invalid-policy.ts';
import { lowerRef } from './lower-value.ts';
import { sameRef } from './values-equal.ts';

/** What a policy's scope asks of a principal or a resource: all that is named must hold. */
export interface EntityScope {
  readonly type?: string;
  readonly equals?: EntityRef;
  readonly within?: EntityRef;
}

/** What it asks of an action: to be this one, or in any one of these. Nothing named: any action will do. */
export interface ActionScope {
  readonly equals?: EntityRef;
  readonly within?: readonly EntityRef[];
}

/** What a template is linked with. */
export interface Slots {
  readonly '?principal'?: EntityRef;
  readonly '?resource'?: EntityRef;
}

/** Principals and resources have the same form of scope. Throws POLICY_INVALID, also for a slot that nothing fills. */
export function entityScope(json: PrincipalConstraint, slots: Slots = {}): EntityScope {
  const refOf = (named: object): EntityRef => {
    if ('entity' in named) return lowerRef(named.entity as Parameters<typeof lowerRef>[0]); // it checks what it gets
    const slot = 'slot' in named ? named.slot : undefined;
    const filled = slot === '?principal' || slot === '?resource' ? slots[slot] : undefined;
    if (filled === undefined) throw invalidPolicy(`nothing is linked to the slot ${String(slot)}`);
    return filled;
  };
  switch (json.op) {
    case 'All':
      return {};
    case '==':
      return { equals: refOf(json) };
    case 'in':
      return { within: refOf(json) };
    case 'is':
      return { type: json.entity_type, ...(json.in === undefined ? {} : { within: refOf(json.in) }) };
    default:
      return unknownScope(json);
  }
}

/** Throws POLICY_INVALID. */
export function actionScope(json: ActionConstraint): ActionScope {
  switch (json.op) {
    case 'All':
      return {};
    case '==':
      if ('entity' in json) return { equals: lowerRef(json.entity) };
      throw invalidPolicy('an action is never a slot');
    case 'in':
      return { within: 'entities' in json ? json.entities.map(lowerRef) : [lowerRef(json.entity)] };
    default:
      return unknownScope(json);
  }
}

function unknownScope(_json: never): never {
  throw invalidPolicy('a scope is one of ==, in, is and none');
}

export function matchesEntity(state: EvaluationState, ref: EntityRef, { type, equals, within }: EntityScope): boolean {
  if (type !== undefined && ref.type !== type) return false;
  if (equals !== undefined && !sameRef(ref, equals)) return false;
  return within === undefined || state.isIn(ref, within);
}
