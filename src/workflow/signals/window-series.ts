import type { SignalDeclaration } from '../../action/signal.ts';
import { type Entry, placeOf, removeOf } from './entry.ts';
import { forgotten } from './forgotten.ts';
import type { Part, Series } from './series.ts';
import type { SignalBounds } from './signal-bounds.ts';
import { ValueCounts } from './value-counts.ts';

/** Expired entries that are kept nevertheless, because a decision elsewhere may still look at an earlier moment. */
const SLACK_MS = 60_000;
const PRUNED_AT_ONCE = 64;

/**
 * The actions older than `agoMs` and younger than `withinMs`: a queue with two ends that move with time, so that each
 * action enters and leaves once. Where time goes back, the ends go back as far as entries are kept.
 */
export class WindowSeries implements Series {
  readonly #most: number;
  readonly #withinMs: number;
  readonly #agoMs: number;
  readonly #entries: Entry[] = [];
  /** Those that count: from `#start` up to `#end`, without it. */
  #start = 0;
  #end = 0;
  #sum = 0n;
  readonly #values: ValueCounts;
  /** Before this, something would count that is not kept any more. */
  #forgottenUntil = Number.NEGATIVE_INFINITY;

  constructor({ entries }: SignalBounds, { kind, withinMs, agoMs }: SignalDeclaration) {
    this.#most = entries;
    this.#withinMs = withinMs ?? Number.POSITIVE_INFINITY;
    // Elsewhere it may be later already: without a lower end, what lies ahead counts too.
    this.#agoMs = agoMs ?? Number.NEGATIVE_INFINITY;
    this.#values = new ValueCounts(kind === 'distinct');
  }

  add(entry: Entry): void {
    const place = placeOf(this.#entries, entry);
    this.#entries.splice(place, 0, entry);
    // It joins what it stands in; a later move of the ends corrects that.
    if (place < this.#start) this.#start += 1;
    if (place < this.#end) this.#end += 1;
    if (place >= this.#start && place < this.#end) this.#count(entry, 1);
    if (this.#entries.length - this.#start > this.#most) this.#drop(this.#start + 1);
  }

  take(entry: Entry): void {
    const { from, removed } = removeOf(this.#entries, entry);
    removed.forEach((each, index) => {
      if (from + index >= this.#start && from + index < this.#end) this.#count(each, -1);
    });
    const before = (end: number): number => Math.min(removed.length, Math.max(0, end - from));
    this.#start -= before(this.#start);
    this.#end -= before(this.#end);
  }

  part(now: number): Part {
    if (now < this.#forgottenUntil) throw forgotten();
    this.#moveTo(now);
    const entry = this.#end > this.#start ? this.#entries[this.#start] : undefined;
    return { count: this.#end - this.#start, sum: this.#sum, values: this.#values.counts, entry };
  }

  get until(): number {
    const last = this.#entries.at(-1);
    return last === undefined ? this.#forgottenUntil : Math.max(last.at + this.#withinMs, this.#forgottenUntil);
  }

  #moveTo(now: number): void {
    const isOldEnough = (entry: Entry | undefined): boolean => entry !== undefined && entry.at <= now - this.#agoMs;
    const isTooOld = (entry: Entry | undefined): boolean => entry !== undefined && entry.at <= now - this.#withinMs;
    while (this.#start > 0 && !isTooOld(this.#entries[this.#start - 1])) this.#count(this.#entries[--this.#start], 1);
    while (isOldEnough(this.#entries[this.#end])) this.#count(this.#entries[this.#end++], 1);
    while (this.#end > this.#start && !isOldEnough(this.#entries[this.#end - 1]))
      this.#count(this.#entries[--this.#end], -1);
    while (this.#start < this.#end && isTooOld(this.#entries[this.#start]))
      this.#count(this.#entries[this.#start++], -1);
    this.#prune(now);
  }

  #count(entry: Entry | undefined, times: 1 | -1): void {
    const value = entry?.value;
    if (typeof value === 'number' && Number.isSafeInteger(value)) this.#sum += BigInt(value * times);
    this.#values.change(value, times);
  }

  /** Expired entries leave some at a time, so that each costs little. */
  #prune(now: number): void {
    if (this.#start < PRUNED_AT_ONCE || this.#start * 2 < this.#entries.length) return;
    const oldest = now - this.#withinMs - SLACK_MS;
    const kept = this.#entries.findIndex(({ at }) => at > oldest);
    this.#drop(Math.min(this.#start, kept === -1 ? this.#start : kept));
  }

  #drop(count: number): void {
    const dropped = this.#entries.splice(0, count);
    dropped.forEach((entry, index) => {
      if (index >= this.#start && index < this.#end) this.#count(entry, -1);
    });
    this.#start = Math.max(0, this.#start - count);
    this.#end = Math.max(0, this.#end - count);
    const last = dropped.at(-1);
    if (last !== undefined) this.#forgottenUntil = Math.max(this.#forgottenUntil, last.at + this.#withinMs);
  }
}
