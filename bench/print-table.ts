import type { Row } from './row.ts';

const HEADER = ['case', 'median', 'p99', 'unit', 'n', 'ratio', 'peer'] as const;
const LEFT = new Set<string>(['case', 'unit', 'peer']);

/** Rows as a Markdown table, which also reads well as plain text. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ case: name, median, p99, unit, n, ratio, peer }) => [
    name,
    numeral(median),
    numeral(p99),
    unit,
    String(n),
    ratio === undefined ? '' : `${numeral(ratio)}×`,
    peer ?? '',
  ]);
  return alignTable(HEADER, cells, (column) => LEFT.has(HEADER[column] ?? ''));
}

/** A Markdown table whose columns stand one below the other in plain text too. */
export function alignTable(
  header: readonly string[],
  cells: readonly (readonly string[])[],
  isLeft: (column: number) => boolean,
): string {
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string =>
    isLeft(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  const line = (row: readonly string[]): string => `| ${row.map(pad).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    isLeft(column) ? `:${'-'.repeat(width - 1)}` : `${'-'.repeat(width - 1)}:`,
  );
  return [line(header), line(rule), ...cells.map(line)].join('\n');
}

/** Three digits. */
export function numeral(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
