import type { Row } from './row.ts';

const HEADER = ['case', 'median', 'p99', 'unit', 'n', 'ratio', 'peer'] as const;
const LEFT = new Set<string>(['case', 'unit', 'peer']);

/** Rows as a Markdown table, which also reads well as plain text. */
export function printTable(rows: readonly Row[]): void {
  const cells = rows.map(({ case: name, median, p99, unit, n, ratio, peer }) => [
    name,
    numeral(median),
    numeral(p99),
    unit,
    String(n),
    ratio === undefined ? '' : `${numeral(ratio)}×`,
    peer ?? '',
  ]);
  const widths = HEADER.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (LEFT.has(HEADER[column] ?? '') ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    LEFT.has(HEADER[column] ?? '') ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  console.log([line(HEADER), line(rule), ...cells.map(line)].join('\n'));
}

function numeral(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
