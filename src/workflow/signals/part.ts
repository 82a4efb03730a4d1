import { compareEntries, type Entry } from './entry.ts';
import type { Scalar } from './occurrence.ts';
import type { Part } from './series.ts';

const NO_VALUES: ReadonlyMap<Scalar, number> = new Map();

export const NO_PART: Part = { count: 0, sum: 0n, values: NO_VALUES };

/** One entry, or none. */
export function partOf(entry: Entry | undefined): Part {
  return entry === undefined ? NO_PART : { count: 1, sum: 0n, values: NO_VALUES, entry };
}

/** Both together; of their entries the earlier one for `first`, else the later one. */
export function joined(a: Part, b: Part, which: 'first' | 'last'): Part {
  if (a === NO_PART) return b;
  const values = new Map(a.values);
  for (const [value, times] of b.values) values.set(value, (values.get(value) ?? 0) + times);
  return { count: a.count + b.count, sum: a.sum + b.sum, values, entry: chosen(a.entry, b.entry, which) };
}

function chosen(a: Entry | undefined, b: Entry | undefined, which: 'first' | 'last'): Entry | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareEntries(a, b) < 0 === (which === 'first') ? a : b;
}
