import type { SignalDeclaration } from '../../action/signal.ts';
import { type Apart, Cell } from './cell.ts';
import type { Entry } from './entry.ts';
import { forgotten } from './forgotten.ts';
import { NO_PART } from './part.ts';
import type { Part } from './series.ts';
import type { SignalBounds } from './signal-bounds.ts';

/** Cells that are looked at for one that is over before one is forgotten. */
const LOOKS = 8;

/** The cells of one signal, as many as the bound allows; the one that nothing happened in for longest leaves first. */
export class Cells {
  readonly #declaration: SignalDeclaration;
  readonly #bounds: SignalBounds;
  readonly #cells = new Map<string, Cell>();
  /** Before this, a cell that is not there may be a forgotten one. */
  #forgottenUntil = Number.NEGATIVE_INFINITY;

  constructor(declaration: SignalDeclaration, bounds: SignalBounds) {
    this.#declaration = declaration;
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#cells.size;
  }

  add(key: string, entry: Entry, apart: Apart): void {
    const cell = this.#cells.get(key) ?? this.#newCell(entry.at);
    this.#cells.delete(key);
    this.#cells.set(key, cell);
    cell.add(entry, apart);
  }

  take(key: string, entry: Entry, apart: Apart): void {
    const cell = this.#cells.get(key);
    cell?.take(entry, apart);
    if (cell?.until === Number.NEGATIVE_INFINITY) this.#cells.delete(key);
  }

  /** Throws SIGNAL_FORGOTTEN. */
  part(key: string, now: number, present: Apart): Part {
    const cell = this.#cells.get(key);
    if (cell !== undefined) return cell.part(now, present);
    if (now < this.#forgottenUntil) throw forgotten();
    return NO_PART;
  }

  /** Something that happened then is not known, or not in which cell. */
  forget(at: number): void {
    this.forgetUntil(at + (this.#declaration.withinMs ?? Number.POSITIVE_INFINITY));
  }

  forgetUntil(until: number): void {
    this.#forgottenUntil = Math.max(this.#forgottenUntil, until);
    for (const cell of this.#cells.values()) cell.forgetUntil(until);
  }

  #newCell(now: number): Cell {
    for (let looks = 0; looks < LOOKS && this.#cells.size >= this.#bounds.cells; looks++) {
      const [oldest] = this.#cells;
      if (oldest === undefined) break;
      this.#cells.delete(oldest[0]);
      if (oldest[1].until > now && looks < LOOKS - 1) this.#cells.set(...oldest);
      else this.#forgottenUntil = Math.max(this.#forgottenUntil, oldest[1].until);
    }
    return new Cell(this.#declaration, this.#bounds, this.#forgottenUntil);
  }
}
