import { quoteText } from './quote-text.ts';

/** A member of an object as its canonical form writes it. */
export interface OrderedKey {
  readonly key: string;
  /** The key in quotes, with its colon. */
  readonly label: string;
}

interface KnownOrder {
  /** As they stand in the object. */
  readonly keys: readonly string[];
  readonly sorted: readonly OrderedKey[];
}

/** Orders kept, and the longest that is: enough for the shapes of payloads and inputs, too little to fill memory with. */
const ORDERS_MAX = 2_000;
const KEYS_MAX = 64;
const CHARACTERS_MAX = 2_048;
/** Orders looked through: those of as many keys and one last key. */
const LOOKS = 8;

/** By number of keys, then by the last one. */
const known = Array.from({ length: KEYS_MAX + 1 }, () => new Map<string, KnownOrder[]>());
let kept = 0;

/**
 * The keys of an object sorted by UTF-16 code units (RFC 8785 §3.2.3). Objects of one shape come again and again, so an
 * order that was found is kept; what is kept never changes what is answered. Throws MALFORMED_JSON for half a surrogate pair.
 */
export function orderedKeys(object: object): readonly OrderedKey[] {
  const keys = Object.keys(object);
  const last = keys[keys.length - 1];
  if (last === undefined) return [];
  const candidates = known[keys.length]?.get(last);
  if (candidates !== undefined) for (const order of candidates) if (areSame(order.keys, keys)) return order.sorted;
  const sorted = [...keys].sort().map((key) => ({ key, label: `${quoteText(key)}:` }));
  keep(last, { keys, sorted });
  return sorted;
}

/** Of two lists of one length. */
function areSame(a: readonly string[], b: readonly string[]): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

function keep(last: string, order: KnownOrder): void {
  const { keys } = order;
  const orders = known[keys.length];
  if (orders === undefined || keys.reduce((sum, key) => sum + key.length, 0) > CHARACTERS_MAX) return;
  if (kept >= ORDERS_MAX) {
    for (const each of known) each.clear();
    kept = 0;
  }
  const candidates = orders.get(last) ?? [];
  if (candidates.length >= LOOKS) candidates.shift();
  else kept += 1;
  candidates.push(order);
  orders.set(last, candidates);
}
