/** One row of output. `ratio`: how many times as long as the peer in the same run; 1 is the floor, below 1 is ahead. */
export interface Row {
  readonly bench: string;
  readonly case: string;
  /** `times`: a ratio of others' medians. */
  readonly unit: 'µs' | 'ms' | 'per second' | 'KiB' | 'times' | '%';
  readonly median: number;
  /** Of a throughput its bad end: the lowest. Of ratios the worst. */
  readonly p99: number;
  /** How many values median and p99 are of. */
  readonly n: number;
  readonly peer?: string;
  readonly ratio?: number;
}

/** Median, p99 and count of values, three digits each. */
export function summarise(unit: Row['unit'], values: readonly number[]): Pick<Row, 'unit' | 'median' | 'p99' | 'n'> {
  const sorted = values.toSorted((a, b) => (unit === 'per second' ? b - a : a - b));
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
  return { unit, median: at(0.5), p99: at(0.99), n: values.length };
}

/** How many times as long `own` takes as `peer`, whether they are times or throughputs. */
export function ratioOf(own: Pick<Row, 'unit' | 'median'>, peer: Pick<Row, 'median'>): number {
  return round(own.unit === 'per second' ? peer.median / own.median : own.median / peer.median);
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
