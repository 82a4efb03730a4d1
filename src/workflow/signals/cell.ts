import type { SignalDeclaration } from '../../action/signal.ts';
import type { Entry } from './entry.ts';
import { forgotten } from './forgotten.ts';
import type { Scalar } from './occurrence.ts';
import { joined, NO_PART } from './part.ts';
import type { Part, Series } from './series.ts';
import { seriesFor } from './series-for.ts';
import type { SignalBounds } from './signal-bounds.ts';

/** Of one action: by what others are told from it. */
export type Apart = readonly (readonly Scalar[])[];

/** The actions that correlate with one another, in as many series as have to be told apart from the present action. */
export class Cell {
  readonly #declaration: SignalDeclaration;
  readonly #bounds: SignalBounds;
  readonly #series = new Map<string, { readonly apart: Apart; readonly series: Series }>();
  /** Before this, what it forgot, or was forgotten before it began, would count. */
  #forgottenUntil: number;

  constructor(declaration: SignalDeclaration, bounds: SignalBounds, forgottenUntil: number) {
    this.#declaration = declaration;
    this.#bounds = bounds;
    this.#forgottenUntil = forgottenUntil;
  }

  add(entry: Entry, apart: Apart): void {
    const key = keyOf(apart);
    let known = this.#series.get(key);
    if (known === undefined) {
      if (this.#series.size >= this.#bounds.series) this.#forgetOne();
      known = { apart, series: seriesFor(this.#declaration, this.#bounds) };
      this.#series.set(key, known);
    }
    known.series.add(entry);
  }

  take(entry: Entry, apart: Apart): void {
    this.#series.get(keyOf(apart))?.series.take(entry);
  }

  /** All that is not of the present action's own. Throws SIGNAL_FORGOTTEN. */
  part(now: number, present: Apart): Part {
    if (now < this.#forgottenUntil) throw forgotten();
    let whole = NO_PART;
    for (const { apart, series } of this.#series.values()) {
      if (isApart(apart, present))
        whole = joined(whole, series.part(now), this.#declaration.kind === 'first' ? 'first' : 'last');
    }
    return whole;
  }

  get until(): number {
    let until = this.#forgottenUntil;
    for (const { series } of this.#series.values()) until = Math.max(until, series.until);
    return until;
  }

  forgetUntil(until: number): void {
    this.#forgottenUntil = Math.max(this.#forgottenUntil, until);
  }

  #forgetOne(): void {
    const [oldest] = this.#series;
    if (oldest === undefined) return;
    this.#series.delete(oldest[0]);
    this.forgetUntil(oldest[1].series.until);
  }
}

function keyOf(apart: Apart): string {
  return apart.length === 0 ? '' : JSON.stringify(apart);
}

/** In every field another; where one of both does not say, it is no other. */
function isApart(event: Apart, present: Apart): boolean {
  return event.every((values, index) => {
    const own = present[index] ?? [];
    return values.length > 0 && own.length > 0 && !values.some((value) => own.includes(value));
  });
}
