import type { Row } from '../row.ts';
import { type Cell, contenderName } from './cell.ts';
import { CEDAR_WASM } from './engines/cedar-wasm.ts';
import { IF_ELSE } from './engines/if-else.ts';

interface Run {
  readonly engines: readonly string[];
  readonly cells: readonly Cell[];
}

/** Ratios over many cells: the median of them, and as p99 the worst one. */
export function* summaryRows(rows: readonly Row[], { engines, cells }: Run): Generator<Row> {
  const medians = new Map(rows.map((row) => [row.case, row.median] as const));
  const at = (engine: string, cell: Cell): number => medians.get(contenderName(engine, cell)) ?? Number.NaN;
  const groups = [
    ['scoped', cells.filter(({ scoped }) => scoped)],
    ['unscoped', cells.filter(({ scoped }) => !scoped)],
    ['all', cells],
  ] as const;
  const ours = engines.filter((name) => name.startsWith('interlock'));
  const [first = ''] = ours;
  for (const engine of ours) {
    for (const [kind, own] of groups)
      yield times(
        `${CEDAR_WASM} ÷ ${engine}, ${kind} cells`,
        own.map((cell) => at(CEDAR_WASM, cell) / at(engine, cell)),
        'least',
      );
  }
  for (const peer of engines.filter((name) => name !== CEDAR_WASM && name !== IF_ELSE && !ours.includes(name))) {
    for (const [kind, own] of groups)
      yield times(
        `${peer} ÷ ${first}, ${kind} cells`,
        own.map((cell) => at(peer, cell) / at(first, cell)),
        'least',
      );
  }
  for (const [kind, own] of groups)
    yield times(
      `${first} ÷ ${IF_ELSE}, ${kind} cells`,
      own.map((cell) => at(first, cell) / at(IF_ELSE, cell)),
      'greatest',
    );
  for (const engine of engines) yield* growth(engine, cells, at);
}

/** From the fewest to the most scoped policies, with everything else alike. */
function* growth(engine: string, cells: readonly Cell[], at: (engine: string, cell: Cell) => number): Generator<Row> {
  const counts = cells.map(({ count }) => count);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const ratios = cells
    .filter(({ scoped, count }) => scoped && count === most)
    .map((cell) => at(engine, cell) / at(engine, { ...cell, count: fewest }));
  yield times(`${engine}: ${most} scoped policies ÷ ${fewest}`, ratios, 'greatest');
}

function times(name: string, ratios: readonly number[], worst: 'least' | 'greatest'): Row {
  const sorted = ratios.toSorted((a, b) => (worst === 'least' ? b - a : a - b));
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const round = (value: number): number => Number(value.toPrecision(3));
  return {
    bench: 'decide',
    case: name,
    unit: 'times',
    median: round(middle),
    p99: round(sorted.at(-1) ?? Number.NaN),
    n: ratios.length,
  };
}
