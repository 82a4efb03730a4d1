import type { EntityRef, PolicyEntity, PolicyRecord, PolicyRequest } from '../../action/policy-port.ts';
import { InterlockError } from '../../lib/errors.ts';
import { Ancestors } from './ancestors.ts';
import type { Runnable, Value } from './value.ts';
import { sameRef } from './values-equal.ts';

/** Describes an action where the request itself knows nothing of it. */
export type DescribeAction = (ref: EntityRef) => PolicyEntity | undefined;

/** What is looked up at most once a decision: `null` says that nothing is known. */
interface Known {
  entity: PolicyEntity | null | undefined;
  ancestors: Ancestors | undefined;
}

/**
 * One decision's working memory, used again for the next one. Whatever it holds of a request goes with `end`.
 * `memo` has a slot for every shared expression; `undefined` says that it was not evaluated, or failed.
 */
export class EvaluationState {
  readonly memo: (Value | undefined)[];
  request: PolicyRequest | undefined;
  principal: EntityRef;
  action: EntityRef;
  resource: EntityRef;
  context: PolicyRecord;
  readonly #shared: readonly Runnable<EvaluationState>[];
  readonly #describeAction: DescribeAction;
  readonly #nothing: PolicyRequest;
  readonly #ofPrincipal: Known = { entity: undefined, ancestors: undefined };
  readonly #ofAction: Known = { entity: undefined, ancestors: undefined };
  readonly #ofResource: Known = { entity: undefined, ancestors: undefined };
  readonly #kept: number[] = [];
  #keptCount = 0;
  readonly #describe = (ref: EntityRef): PolicyEntity | undefined => this.describe(ref);

  constructor(shared: readonly Runnable<EvaluationState>[], describeAction: DescribeAction, nothing: PolicyRequest) {
    this.#shared = shared;
    this.memo = new Array<Value | undefined>(shared.length).fill(undefined);
    this.#describeAction = describeAction;
    this.#nothing = nothing;
    this.principal = nothing.principal;
    this.action = nothing.action;
    this.resource = nothing.resource;
    this.context = nothing.context;
  }

  begin(request: PolicyRequest): void {
    this.request = request;
    this.principal = request.principal;
    this.action = request.action;
    this.resource = request.resource;
    this.context = request.context;
  }

  end(): void {
    const { memo } = this;
    for (let index = 0; index < this.#keptCount; index++) memo[this.#kept[index] ?? 0] = undefined;
    this.#keptCount = 0;
    this.begin(this.#nothing);
    this.request = undefined;
    forget(this.#ofPrincipal);
    forget(this.#ofAction);
    forget(this.#ofResource);
  }

  /** Remembers what a shared expression evaluates to, until `end`. */
  keep(slot: number, value: Value): Value {
    this.#kept[this.#keptCount++] = slot;
    this.memo[slot] = value;
    return value;
  }

  /** What a shared expression evaluates to; remembered, unless it fails. */
  shared(slot: number): Value {
    const code = this.#shared[slot];
    if (code === undefined) throw new InterlockError('INTERNAL', 'no shared expression has this slot');
    return this.keep(slot, code.run(this, code.constants));
  }

  /** What is known of an entity: the request's word first, then the schema's for actions. */
  describe(ref: EntityRef): PolicyEntity | undefined {
    const known = this.#known(ref);
    if (known === undefined) return this.#lookUp(ref);
    if (known.entity === undefined) known.entity = this.#lookUp(ref) ?? null;
    return known.entity ?? undefined;
  }

  ancestorsOf(ref: EntityRef): Ancestors {
    const known = this.#known(ref);
    if (known === undefined) return new Ancestors(this.#lookUp(ref), this.#describe);
    known.ancestors ??= new Ancestors(this.describe(ref), this.#describe);
    return known.ancestors;
  }

  /** Whether an entity is another one, or in it. */
  isIn(ref: EntityRef, other: EntityRef): boolean {
    return sameRef(ref, other) || this.ancestorsOf(ref).has(other);
  }

  #known(ref: EntityRef): Known | undefined {
    if (ref === this.principal) return this.#ofPrincipal;
    if (ref === this.resource) return this.#ofResource;
    return ref === this.action ? this.#ofAction : undefined;
  }

  #lookUp(ref: EntityRef): PolicyEntity | undefined {
    const described = this.request?.entity(ref);
    return described ?? (isAction(ref) ? this.#describeAction(ref) : undefined);
  }
}

function forget(known: Known): void {
  known.entity = undefined;
  known.ancestors = undefined;
}

const LAST_OF_ACTION = 'n'.charCodeAt(0);

/** Cedar's actions are the entities of type `Action`, in any namespace. */
function isAction({ type }: EntityRef): boolean {
  // Most types are told by their last letter; the comparison of texts is slower.
  return type.charCodeAt(type.length - 1) === LAST_OF_ACTION && (type === 'Action' || type.endsWith('::Action'));
}
