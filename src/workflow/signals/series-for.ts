import type { SignalDeclaration } from '../../action/signal.ts';
import { EarliestSeries } from './earliest-series.ts';
import { LatestSeries } from './latest-series.ts';
import type { Series } from './series.ts';
import { TallySeries } from './tally-series.ts';
import { WindowSeries } from './window-series.ts';

/** The cheapest that can tell what the declaration asks. */
export function seriesFor(declaration: SignalDeclaration): Series {
  const { kind, withinMs, agoMs } = declaration;
  const isPlain = withinMs === undefined && agoMs === undefined;
  switch (kind) {
    case 'last':
    case 'previous':
    case 'since':
      return new LatestSeries(withinMs);
    case 'formerly':
    case 'never':
      return agoMs === undefined ? new LatestSeries(withinMs) : new WindowSeries(declaration);
    case 'first':
      return isPlain ? new EarliestSeries() : new WindowSeries(declaration);
    case 'count':
    case 'sum':
    case 'distinct':
      return isPlain ? new TallySeries(kind === 'distinct') : new WindowSeries(declaration);
    default:
      return kind satisfies never;
  }
}
