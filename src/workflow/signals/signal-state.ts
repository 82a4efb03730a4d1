import type { SignalCorrelation, SignalDeclaration, SignalPattern } from '../../action/signal.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import type { Json } from '../../lib/json.ts';
import type { Apart } from './cell.ts';
import { correlationKeys, scopeValue } from './cell-keys.ts';
import { Cells } from './cells.ts';
import { combined } from './combined.ts';
import { compareEntries, type Entry } from './entry.ts';
import { fieldValues } from './field-values.ts';
import { forgotten } from './forgotten.ts';
import { isUncertain, matchesAny } from './matches.ts';
import type { Occurrence, Scalar } from './occurrence.ts';
import type { Part } from './series.ts';
import { SIGNAL_BOUNDS, type SignalBounds } from './signal-bounds.ts';

/** One signal, folded: what it has to know of the earlier actions, found by what correlates them with a present one. */
export class SignalState {
  readonly declaration: SignalDeclaration;
  readonly #same: readonly SignalCorrelation[];
  readonly #other: readonly SignalCorrelation[];
  /** What the series keep; for `previous`, all among which. */
  readonly #kept: readonly SignalPattern[];
  readonly #cells: Cells;
  /** For `since`: what ends it. */
  readonly #ends: Cells;

  constructor(declaration: SignalDeclaration, bounds: SignalBounds = SIGNAL_BOUNDS) {
    this.declaration = declaration;
    this.#same = declaration.where.filter(({ same }) => same);
    this.#other = declaration.where.filter(({ same }) => !same);
    this.#kept = declaration.among ?? declaration.events;
    this.#cells = new Cells(declaration, bounds);
    this.#ends = new Cells(declaration, bounds);
  }

  get cells(): number {
    return this.#cells.size + this.#ends.size;
  }

  add(occurrence: Occurrence): void {
    this.#place(occurrence, 'add');
  }

  /** Takes back an action as it was added. */
  take(occurrence: Occurrence): void {
    this.#place(occurrence, 'take');
  }

  /**
   * What the signal is for the present action; undefined where that has no value to correlate by, or where nothing is
   * shown. Of several present values (an action on several records) the strictest. Throws SIGNAL_FORGOTTEN.
   */
  read(present: Occurrence, now: number): Json | undefined {
    const apart = apartOf(this.#other, present, 'present');
    if (apart.some((values) => values.length === 0)) return undefined;
    const scope = scopeValue(this.declaration.scope, present);
    const keys = correlationKeys(scope, this.#same, { occurrence: present, side: 'present' });
    if (keys === undefined) throw forgotten();
    return combined(
      this.declaration,
      keys.map((key) => this.#valueAt(key, { now, apart, present })),
    );
  }

  /** The same, as if some had not been here before, as an action that waited to be decided anew, and others were already. */
  readAmong(
    { without, ahead }: { readonly without: readonly Occurrence[]; readonly ahead: readonly Occurrence[] },
    present: Occurrence,
    now: number,
  ): Json | undefined {
    for (const gone of without) this.take(gone);
    for (const early of ahead) this.add(early);
    try {
      return this.read(present, now);
    } finally {
      for (const early of ahead.toReversed()) this.take(early);
      for (const gone of without.toReversed()) this.add(gone);
    }
  }

  /** The keys of the cells that `read` looks at; none where it does not get that far. */
  keysRead(present: Occurrence): readonly string[] {
    const scope = scopeValue(this.declaration.scope, present);
    return correlationKeys(scope, this.#same, { occurrence: present, side: 'present' }) ?? [];
  }

  /** The keys of the cells that an occurrence counts in, now or after its outcome; undefined: it may be any. */
  keysChanged(occurrence: Occurrence): readonly string[] | undefined {
    const patterns = [...this.#kept, ...(this.declaration.unless ?? [])];
    if (matchesAny(patterns, occurrence)) return this.#keysOf(occurrence);
    return isUncertain(patterns, occurrence) ? undefined : [];
  }

  forget(at: number): void {
    this.#cells.forget(at);
    this.#ends.forget(at);
  }

  #valueAt(
    key: string,
    { now, apart, present }: { readonly now: number; readonly apart: Apart; readonly present: Occurrence },
  ): Json | undefined {
    const { kind } = this.declaration;
    const found = this.#cells.part(key, now, apart);
    switch (kind) {
      case 'count':
      case 'sum':
      case 'distinct':
        return this.#amount(found, this.#isWithPresent(key, apart, present) ? present : undefined);
      case 'formerly':
        return found.count > 0;
      case 'never':
        return found.count === 0;
      case 'previous':
        return found.entry?.value === true;
      case 'since':
        return found.entry !== undefined && !isAfter(this.#ends.part(key, now, apart).entry, found.entry);
      case 'first':
      case 'last':
        return found.entry?.value;
      default:
        return kind satisfies never;
    }
  }

  #amount({ count, sum, values }: Part, present: Occurrence | undefined): Json {
    const { kind, type } = this.declaration;
    const own = present === undefined ? [] : this.#valuesOf(present);
    if (kind === 'count') return count + (present === undefined ? 0 : 1);
    if (kind === 'sum') return longOf(own.reduce<bigint>((total, value) => total + BigInt(Number(value ?? 0)), sum));
    const all = own.some((value) => value !== undefined && !values.has(value))
      ? new Set([...values.keys(), ...own.filter((value) => value !== undefined)])
      : values;
    if (typeof type !== 'object' || !('setOf' in type)) return all.size;
    if (all.size > BOUNDS.signalSetValues) throw forgotten();
    return [...all.keys()];
  }

  /** Whether the present action would be found by a later one that correlates with it as this one does with others. */
  #isWithPresent(key: string, apart: Apart, present: Occurrence): boolean {
    if (!this.declaration.includePresent || apart.length > 0 || !matchesAny(this.#kept, present)) return false;
    return this.#keysOf(present)?.includes(key) ?? false;
  }

  #place(occurrence: Occurrence, how: 'add' | 'take'): void {
    const { unless } = this.declaration;
    if (unless !== undefined) this.#placeIn(this.#ends, unless, { occurrence, how });
    this.#placeIn(this.#cells, this.#kept, { occurrence, how });
  }

  #placeIn(
    cells: Cells,
    patterns: readonly SignalPattern[],
    { occurrence, how }: { readonly occurrence: Occurrence; readonly how: 'add' | 'take' },
  ): void {
    if (!matchesAny(patterns, occurrence)) {
      if (how === 'add' && isUncertain(patterns, occurrence)) cells.forget(occurrence.at);
      return;
    }
    const keys = this.#keysOf(occurrence);
    if (keys === undefined) {
      cells.forget(occurrence.at);
      return;
    }
    const apart = apartOf(this.#other, occurrence, 'event');
    const { at, workflow, seen, action } = occurrence;
    const values = cells === this.#ends ? [undefined] : this.#valuesOf(occurrence);
    for (const key of keys) {
      for (const value of values) cells[how](key, { at, workflow, seen, action, value } satisfies Entry, apart);
    }
  }

  #keysOf(occurrence: Occurrence): readonly string[] | undefined {
    const scope = scopeValue(this.declaration.scope, occurrence);
    return correlationKeys(scope, this.#same, { occurrence, side: 'event' });
  }

  /** What is kept of an action: one value, or each of a list; an action without one is kept only where nothing is shown of it. */
  #valuesOf(occurrence: Occurrence): readonly (Scalar | undefined)[] {
    const { kind, of, events } = this.declaration;
    if (kind === 'previous') return [matchesAny(events, occurrence)];
    return of === undefined ? [undefined] : [...new Set(fieldValues(occurrence, of))];
  }
}

function apartOf(correlations: readonly SignalCorrelation[], occurrence: Occurrence, side: 'event' | 'present'): Apart {
  return correlations.map((correlation) => fieldValues(occurrence, correlation[side]));
}

function isAfter(end: Entry | undefined, begin: Entry): boolean {
  return end !== undefined && compareEntries(end, begin) > 0;
}

/** Cedar's integers as far as they are exact here. */
function longOf(value: bigint): number {
  const long = Number(value);
  if (!Number.isSafeInteger(long)) throw forgotten();
  return long;
}
