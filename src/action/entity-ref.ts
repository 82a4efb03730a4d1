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
