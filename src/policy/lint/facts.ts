import { type Domain, join } from './domain.ts';

/** What is known of terms, by their keys, at one place of a condition. */
export type Facts = ReadonlyMap<string, Domain>;

/** What is known in each of them. */
export function joinFacts(all: readonly (Facts | undefined)[]): Facts | undefined {
  const [first, ...others] = all.filter((facts) => facts !== undefined);
  if (first === undefined || others.length === 0) return first;
  const common = new Map<string, Domain>();
  for (const [key, domain] of first) {
    let whole: Domain | undefined = domain;
    for (const other of others) {
      const known = other.get(key);
      whole = known && whole && join(whole, known);
      if (whole === undefined) break;
    }
    if (whole !== undefined) common.set(key, whole);
  }
  return common;
}
