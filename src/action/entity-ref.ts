import { EntityRef } from './policy-port.ts';

const interned = new Map<string, EntityRef>();
const INTERNED_MAX = 100_000;

/**
 * The one EntityRef of a type and id, so that sets of them work by identity. For names that the catalog bounds
 * (operations, systems, labels); past the bound of the table, refs are no longer shared and sets grow by value.
 */
export function internedRef(type: 'Action' | 'System' | 'Label', id: string): EntityRef {
  const key = `${type}\n${id}`;
  const known = interned.get(key);
  if (known !== undefined) return known;
  const ref = new EntityRef(type, id);
  if (interned.size < INTERNED_MAX) interned.set(key, ref);
  return ref;
}

/** The interned ref that equals this one, if there is any. */
export function canonicalRef(ref: EntityRef): EntityRef | undefined {
  return interned.get(`${ref.type}\n${ref.id}`);
}

/** A set of refs that knows whether all are interned: then identity finds by value, whatever its size. */
export class InternedRefs extends Set<EntityRef> {
  #allInterned = true;

  constructor(refs: Iterable<EntityRef> = []) {
    super();
    // Not by the Set itself, which would add them before this class has its field.
    for (const ref of refs) this.add(ref);
  }

  /** Never true again once a ref was added that is not. */
  get allInterned(): boolean {
    return this.#allInterned;
  }

  override add(ref: EntityRef): this {
    if (this.#allInterned && !this.has(ref) && canonicalRef(ref) !== ref) this.#allInterned = false;
    return super.add(ref);
  }
}
