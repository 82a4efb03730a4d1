import { alignTable, numeral, tableOf } from '../print-table.ts';
import type { Row } from '../row.ts';
import { COUNTS, cellName, cellsOf, contenderName } from './cell.ts';
import { CEDAR_WASM } from './engines/cedar-wasm.ts';

/** A cell a line and an engine a column, medians in microseconds; what was computed from them stands below. */
export function decideTables(rows: readonly Row[]): string {
  const medians = new Map(rows.map((row) => [row.case, row.median] as const));
  const measured = rows.filter(({ unit }) => unit !== 'times');
  const engines = [...new Set(measured.map(({ case: name }) => name.slice(0, name.indexOf(': '))))];
  const [ours = ''] = engines.filter((name) => name.startsWith('interlock'));
  const header = ['policies', 'scoped', 'context', 'events', ...engines, `${CEDAR_WASM} ÷ ${ours}`];
  const cells = cellsOf(COUNTS).filter((cell) =>
    measured.some(({ case: name }) => name.endsWith(`: ${cellName(cell)}`)),
  );
  const lines = cells.map((cell) => {
    const of = (engine: string): number => medians.get(contenderName(engine, cell)) ?? Number.NaN;
    const { count, scoped, size, events } = cell;
    return [
      ...[numeral(count), scoped ? 'yes' : 'no', size, numeral(events)],
      ...engines.map((engine) => numeral(of(engine))),
      `${numeral(of(CEDAR_WASM) / of(ours))}×`,
    ];
  });
  const computed = rows.filter(({ unit }) => unit === 'times');
  return [
    'Medians in µs of one decision:',
    alignTable(header, lines, (column) => column === 1 || column === 2),
    'Computed from them; p99 is the worst cell:',
    tableOf(computed),
  ].join('\n\n');
}
