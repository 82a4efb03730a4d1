import type { EntityRef } from '../../action/policy-port.ts';

/** A map from entities by value. */
export class RefMap<T> {
  readonly #byType = new Map<string, Map<string, T>>();

  get(ref: EntityRef): T | undefined {
    return this.#byType.get(ref.type)?.get(ref.id);
  }

  set(ref: EntityRef, value: T): void {
    const ids = this.#byType.get(ref.type);
    if (ids === undefined) this.#byType.set(ref.type, new Map([[ref.id, value]]));
    else ids.set(ref.id, value);
  }

  get isEmpty(): boolean {
    return this.#byType.size === 0;
  }
}

/** Adds to the list that belongs to an entity. */
export function addTo<T>(map: RefMap<T[]>, ref: EntityRef, value: T): void {
  const list = map.get(ref);
  if (list === undefined) map.set(ref, [value]);
  else list.push(value);
}
