import { BOUNDS } from '../../lib/bounds.ts';

/** How much one signal remembers of one workflow or tenant. */
export interface SignalBounds {
  /** Combinations of values that it tells apart. */
  readonly cells: number;
  /** Others that one of them tells from the present action. */
  readonly series: number;
  /** Actions and values that one series counts. */
  readonly entries: number;
  /** Latest or earliest actions of one series. */
  readonly latest: number;
}

export const SIGNAL_BOUNDS: SignalBounds = {
  cells: BOUNDS.signalCells,
  series: BOUNDS.signalSeries,
  entries: BOUNDS.signalEntries,
  latest: BOUNDS.signalLatest,
};
