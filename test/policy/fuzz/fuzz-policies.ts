import type { ActionConstraint, Clause, Expr, PolicyJson, PrincipalConstraint } from '@cedar-policy/cedar-wasm/nodejs';
import { EntityRef } from '../../../src/action/policy-port.ts';
import type { Slots } from '../../../src/policy/compiled/policy-scope.ts';
import type { Chance } from './chance.ts';
import type { FuzzWorld, UsualTypes } from './fuzz-world.ts';
import { IDS } from './pools.ts';
import { TypedExpressions } from './typed-expressions.ts';
import { UntypedExpressions } from './untyped-expressions.ts';
import { BOOL } from './value-type.ts';

/** A policy, or a template and what it is linked with. */
export interface FuzzPolicy {
  readonly id: string;
  readonly json: PolicyJson;
  readonly slots: Slots;
}

export interface PolicyKind {
  readonly typed: boolean;
  /** Of all policies. */
  readonly forbids: number;
  readonly count: number;
}

const DEPTH = 4;
/** Of conditions: more than one generated function takes. */
const LARGE = 0.01;

export function makePolicies(chance: Chance, world: FuzzWorld, usual: UsualTypes, kind: PolicyKind): FuzzPolicy[] {
  const typed = new TypedExpressions(chance, world, usual);
  const untyped = new UntypedExpressions(chance, world);
  const scopes = new Scopes(chance, world);
  const small = (most: number): Expr =>
    kind.typed ? typed.make(BOOL, chance.between(1, most)) : untyped.make(chance.between(1, most));
  const body = (): Expr =>
    chance.is(LARGE)
      ? balanced(
          chance,
          chance.list(40, 80, () => small(2)),
        )
      : small(DEPTH);
  return Array.from({ length: kind.count }, (_, index) => {
    const principal = scopes.entity('?principal', usual.principal);
    const resource = scopes.entity('?resource', usual.resource);
    const conditions = chance.list(0, 2, (): Clause => ({ kind: chance.is(0.7) ? 'when' : 'unless', body: body() }));
    const effect = chance.is(kind.forbids) ? 'forbid' : 'permit';
    const json = {
      effect,
      principal: principal.json,
      action: scopes.action(),
      resource: resource.json,
      conditions,
    } as const;
    // Templates keep their type in their own format: what is a slot in it is one in theirs.
    return { id: `p${index}`, json: json as PolicyJson, slots: { ...principal.slots, ...resource.slots } };
  });
}

/** Joined by && and || without nesting deeply, which JSON cannot be read with. */
function balanced(chance: Chance, parts: readonly Expr[]): Expr {
  const [only = { Value: true }] = parts;
  if (parts.length <= 1) return only;
  const half = parts.length >> 1;
  const operands = { left: balanced(chance, parts.slice(0, half)), right: balanced(chance, parts.slice(half)) };
  return chance.is(0.5) ? { '&&': operands } : { '||': operands };
}

class Scopes {
  readonly #chance: Chance;
  readonly #world: FuzzWorld;

  constructor(chance: Chance, world: FuzzWorld) {
    this.#chance = chance;
    this.#world = world;
  }

  /** Most are wide: what nothing matches says nothing. */
  entity(
    slot: '?principal' | '?resource',
    usualType: string,
  ): { readonly json: PrincipalConstraint; readonly slots: Slots } {
    const roll = this.#chance.below(20);
    if (roll < 9) return { json: { op: 'All' }, slots: {} };
    if (roll < 15)
      return { json: { op: 'is', entity_type: this.#chance.is(0.8) ? usualType : this.#type() }, slots: {} };
    const entity = this.#entity();
    const linked = this.#chance.is(0.4);
    const named = linked ? { slot } : { entity: { type: entity.type, id: entity.id } };
    const slots = linked ? { [slot]: entity } : {};
    if (roll < 17) return { json: { op: '==', ...named }, slots };
    if (roll < 19) return { json: { op: 'in', ...named }, slots };
    return { json: { op: 'is', entity_type: usualType, in: named }, slots };
  }

  action(): ActionConstraint {
    const uid = () => ({ ...this.#chance.pick(this.#world.actions) });
    switch (this.#chance.below(8)) {
      case 0:
        return { op: '==', entity: uid() };
      case 1:
        return { op: 'in', entity: uid() };
      case 2:
        return { op: 'in', entities: this.#chance.list(1, 4, uid) };
      default:
        return { op: 'All' };
    }
  }

  #type(): string {
    return this.#chance.pick(this.#world.entityTypes).name;
  }

  #entity(): EntityRef {
    const described = this.#world.entities.filter(([{ type }]) => !type.endsWith('Action'));
    if (this.#chance.is(0.2) || described.length === 0) return new EntityRef(this.#type(), this.#chance.pick(IDS));
    return this.#chance.pick(described)[0];
  }
}
