import { alignTable } from '../print-table.ts';
import type { Row } from '../row.ts';
import type { ShareRow } from './rows-of.ts';

const HEADER = ['suite', 'rule', 'measure', '%', '95 % interval', 'of'] as const;
const LEFT = 3;

/** The rows of this bench as a table. */
export function tableOf(rows: readonly Row[]): string {
  const cells = (rows as readonly ShareRow[]).map(({ suite, rule, measure, median, low, high, n }) => [
    suite,
    rule,
    measure,
    median.toFixed(1),
    `${low.toFixed(1)} to ${high.toFixed(1)}`,
    String(n),
  ]);
  return alignTable(HEADER, cells, (column) => column < LEFT);
}
