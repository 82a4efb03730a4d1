import type { PolicyRecord } from '../../action/policy-port.ts';
import type { ReferenceSource } from '../sets/reference-source.ts';

/** The context as a whole, or a name in it that is written with an escape. */
const UNNAMED = /\bcontext\b(?!\s*(?:\.|\[|has\b))|\\/;

/**
 * Takes from a context what the policies can read of it, by their texts: a part that none of them names is not even asked
 * for, because some are worked out only then. Where a policy could mean any part, all are taken.
 */
export function contextRead({ permits, forbids }: Pick<ReferenceSource, 'permits' | 'forbids'>) {
  const texts = [...Object.values(permits), ...Object.values(forbids)];
  const all = texts.some((text) => UNNAMED.test(text));
  const named = new Map<string, boolean>();
  const isRead = (part: string): boolean => {
    const known = named.get(part) ?? texts.some((text) => text.includes(part));
    named.set(part, known);
    return known;
  };
  return (context: PolicyRecord): PolicyRecord =>
    all
      ? context
      : Object.fromEntries(Object.keys(context).flatMap((part) => (isRead(part) ? [[part, context[part]]] : [])));
}
