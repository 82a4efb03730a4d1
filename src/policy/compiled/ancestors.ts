import type { EntityRef, PolicyEntity } from '../../action/policy-port.ts';
import { sameRef } from './values-equal.ts';

/** Past so many, they are found by key instead of one by one. */
const FEW = 8;

/** Everything that an entity is in, itself not included unless it is its own ancestor: the closure over parents. */
export class Ancestors {
  readonly refs: EntityRef[] = [];
  #ids: Map<string, Set<string>> | undefined;

  constructor(entity: PolicyEntity | undefined, describe: (ref: EntityRef) => PolicyEntity | undefined) {
    if (entity === undefined) return;
    for (const parent of entity.parents) this.#add(parent);
    if (entity.closed === true) return;
    // The list grows while it is walked: that is the walk.
    for (let index = 0; index < this.refs.length; index++) {
      const ref = this.refs[index];
      const above = ref === undefined ? undefined : describe(ref);
      if (above !== undefined) for (const parent of above.parents) this.#add(parent);
    }
  }

  has(ref: EntityRef): boolean {
    if (this.#ids !== undefined) return this.#ids.get(ref.type)?.has(ref.id) === true;
    for (const known of this.refs) if (sameRef(known, ref)) return true;
    return false;
  }

  #add(ref: EntityRef): void {
    if (this.has(ref)) return;
    this.refs.push(ref);
    if (this.refs.length <= FEW) return;
    if (this.#ids === undefined) {
      this.#ids = new Map();
      for (const known of this.refs) this.#index(known, this.#ids);
    } else this.#index(ref, this.#ids);
  }

  #index(ref: EntityRef, ids: Map<string, Set<string>>): void {
    const known = ids.get(ref.type);
    if (known === undefined) ids.set(ref.type, new Set([ref.id]));
    else known.add(ref.id);
  }
}

/** What is known of nothing. */
export const NO_ANCESTORS = new Ancestors(undefined, () => undefined);
