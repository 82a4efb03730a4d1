import { canonicalRef, InternedRefs } from '../../action/entity-ref.ts';
import { EntityRef, type PolicyValue } from '../../action/policy-port.ts';
import { canonicalKey } from './canonical-key.ts';
import { valuesEqual } from './values-equal.ts';

/** Up to so many elements are looked through one by one: quicker than an index, and nothing to build. */
const FEW = 8;
/** So many elements are looked at, as a multiple of the set's size, before an index is built. */
const SCANS = 2;

/** Elements by value. Primitives compare by value in a native Set already. */
interface ElementIndex {
  readonly primitives: ReadonlySet<PolicyValue>;
  readonly refs: ReadonlyMap<string, ReadonlySet<string>>;
  readonly composites: ReadonlySet<string>;
}

/** A Cedar set that answers what it holds: in place while that is cheap, by an index once it is asked more often. */
export class Members {
  readonly elements: readonly PolicyValue[] | ReadonlySet<PolicyValue>;
  readonly #count: number;
  #scans = 0;
  #index: ElementIndex | undefined;

  constructor(elements: readonly PolicyValue[] | ReadonlySet<PolicyValue>) {
    this.elements = elements;
    this.#count = Array.isArray(elements) ? elements.length : (elements as ReadonlySet<PolicyValue>).size; // one of the two
  }

  has(value: PolicyValue): boolean {
    return typeof value === 'object' ? this.#hasObject(value) : this.#hasPrimitive(value);
  }

  hasAll(other: Members): boolean {
    for (const value of other.elements) if (!this.has(value)) return false;
    return true;
  }

  /** Asks the larger one for the elements of the smaller one. */
  hasAny(other: Members): boolean {
    if (this.#count > other.#count) return other.#isIn(this);
    return this.#isIn(other);
  }

  #isIn(larger: Members): boolean {
    for (const value of this.elements) if (larger.has(value)) return true;
    return false;
  }

  #hasPrimitive(value: PolicyValue): boolean {
    const { elements } = this;
    if (this.#index !== undefined) return this.#index.primitives.has(value);
    if (elements instanceof Set) return elements.has(value);
    if (this.#isAskedOften()) return this.#indexed().primitives.has(value);
    for (const element of elements) if (element === value) return true;
    return false;
  }

  #hasObject(value: PolicyValue & object): boolean {
    const { elements } = this;
    if (elements instanceof Set) {
      if (elements.has(value)) return true;
      if (elements instanceof InternedRefs && elements.allInterned) return hasInterned(elements, value);
    }
    if (this.#index === undefined && !this.#isAskedOften()) {
      for (const element of elements) if (valuesEqual(element, value)) return true;
      return false;
    }
    const { refs, composites } = this.#indexed();
    if (value instanceof EntityRef) return refs.get(value.type)?.has(value.id) === true;
    return composites.size > 0 && composites.has(canonicalKey(value));
  }

  #isAskedOften(): boolean {
    return this.#count > FEW && this.#scans++ >= SCANS;
  }

  #indexed(): ElementIndex {
    this.#index ??= indexOf(this.elements);
    return this.#index;
  }
}

function hasInterned(elements: InternedRefs, value: PolicyValue & object): boolean {
  if (!(value instanceof EntityRef)) return false;
  const known = canonicalRef(value);
  return known !== undefined && known !== value && elements.has(known);
}

function indexOf(elements: Iterable<PolicyValue>): ElementIndex {
  const primitives = new Set<PolicyValue>();
  const refs = new Map<string, Set<string>>();
  const composites = new Set<string>();
  for (const element of elements) {
    if (typeof element !== 'object') primitives.add(element);
    else if (element instanceof EntityRef) {
      const ids = refs.get(element.type);
      if (ids === undefined) refs.set(element.type, new Set([element.id]));
      else ids.add(element.id);
    } else composites.add(canonicalKey(element));
  }
  return { primitives, refs, composites };
}
