import type { Occurrence, Scalar } from './occurrence.ts';

/** What a series keeps of one action, and its place among the others. */
export interface Entry extends Pick<Occurrence, 'at' | 'workflow' | 'seen' | 'action'> {
  readonly value: Scalar | undefined;
}

/** By time; within one moment by workflow and version, so that every order of arrival gives the same series. */
export function compareEntries(a: Entry, b: Entry): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.workflow !== b.workflow) return a.workflow < b.workflow ? -1 : 1;
  return a.seen - b.seen;
}

/** Where an entry belongs, after those that it equals; nearly always at the end. */
export function placeOf(entries: readonly Entry[], entry: Entry): number {
  const last = entries.at(-1);
  if (last === undefined || compareEntries(last, entry) <= 0) return entries.length;
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = entries[middle];
    if (there !== undefined && compareEntries(there, entry) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Removes what is kept of the entry's action, which all stands in one place; answers what it was. */
export function removeOf(
  entries: Entry[],
  entry: Entry,
): { readonly from: number; readonly removed: readonly Entry[] } {
  const end = placeOf(entries, entry);
  let from = end;
  while (isSame(entries[from - 1], entry)) from -= 1;
  return { from, removed: entries.splice(from, end - from) };
}

function isSame(known: Entry | undefined, { action, workflow }: Entry): boolean {
  return known?.action === action && known.workflow === workflow;
}
