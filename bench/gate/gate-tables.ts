import { tableOf } from '../print-table.ts';
import type { Row } from '../row.ts';

interface Part {
  readonly title: string;
  readonly has: (row: Row) => boolean;
}

/** In this order; a row stands in the first that has it. */
const PARTS: readonly Part[] = [
  { title: 'What it comes to', has: ({ unit }) => unit === 'times' },
  { title: 'In process', has: ({ case: name }) => /^(decide|run), in process/.test(name) },
  { title: 'Over HTTP', has: ({ case: name }) => /^(decide|run), over HTTP/.test(name) },
  { title: 'The stages of a run', has: ({ case: name }) => name.startsWith('stage: ') },
  { title: 'The floors and the peers', has: () => true },
];

/** The rows of `gate` in tables of their own. */
export function gateTables(rows: readonly Row[]): string {
  const byPart = Map.groupBy(rows, (row) => PARTS.find(({ has }) => has(row)));
  return PARTS.flatMap((part) => {
    const own = byPart.get(part);
    return own === undefined ? [] : [`### ${part.title}`, tableOf(own)];
  }).join('\n\n');
}
