import type { SignalDeclaration } from '../../action/signal.ts';
import { EarliestSeries } from './earliest-series.ts';
import { LatestSeries } from './latest-series.ts';
import type { Series } from './series.ts';
import type { SignalBounds } from './signal-bounds.ts';
import { TallySeries } from './tally-series.ts';
import { WindowSeries } from './window-series.ts';

/** The cheapest that can tell what the declaration asks. */
export function seriesFor(declaration: SignalDeclaration, bounds: SignalBounds): Series {
  const { kind, withinMs, agoMs } = declaration;
  const isPlain = withinMs === undefined && agoMs === undefined;
  switch (kind) {
    case 'last':
    case 'previous':
    case 'since':
      return new LatestSeries(bounds, withinMs);
    case 'formerly':
    case 'never':
      return agoMs === undefined ? new LatestSeries(bounds, withinMs) : new WindowSeries(bounds, declaration);
    case 'first':
      return isPlain ? new EarliestSeries(bounds) : new WindowSeries(bounds, declaration);
    case 'count':
    case 'sum':
    case 'distinct':
      return isPlain ? new TallySeries(bounds, kind === 'distinct') : new WindowSeries(bounds, declaration);
    default:
      return kind satisfies never;
  }
}
