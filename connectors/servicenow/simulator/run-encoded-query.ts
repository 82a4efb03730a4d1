import type { Row } from './tables.ts';

/** Longer signs first, so that `!=` is not read as `=`. */
const SIGNS = [
  'NOT LIKE',
  'STARTSWITH',
  'ENDSWITH',
  'ISNOTEMPTY',
  'ISEMPTY',
  'LIKE',
  'IN',
  '!=',
  '>=',
  '<=',
  '=',
  '>',
  '<',
] as const;
type Sign = (typeof SIGNS)[number];

interface Term {
  readonly column: string;
  readonly sign: Sign;
  readonly value: string;
}

/**
 * The rows that an encoded query selects, in its order. As documented, a part that is not valid (an unknown column) is
 * ignored and the rest decides; `^NQ` begins another query whose rows are added; `javascript:` is run, here to nothing.
 */
export function runEncodedQuery(rows: readonly Row[], query: string, columns: readonly string[]): readonly Row[] {
  const parts = query.split('^').filter((part) => part !== '');
  const queries: Term[][][] = [[]];
  for (const part of parts.filter((candidate) => !/^(?:ORDERBY|EQ$)/.test(candidate))) {
    const isNew = part.startsWith('NQ');
    const isOr = part.startsWith('OR');
    const term = termOf(isNew || isOr ? part.slice(2) : part, columns);
    if (isNew) queries.push([]);
    if (term === undefined) continue;
    const groups = queries.at(-1) ?? [];
    if (isOr && groups.length > 0) groups.at(-1)?.push(term);
    else groups.push([term]);
  }
  const selected = rows.filter((row) =>
    queries.some((groups) => groups.every((group) => group.some((term) => matches(term, row)))),
  );
  return ordered(selected, parts, columns);
}

function termOf(part: string, columns: readonly string[]): Term | undefined {
  const column = /^[a-z][a-z0-9_.]*/.exec(part)?.[0] ?? '';
  const rest = part.slice(column.length);
  const sign = SIGNS.find((candidate) => rest.startsWith(candidate));
  if (sign === undefined || !columns.includes(column)) return undefined;
  const value = rest.slice(sign.length);
  return { column, sign, value: value.toLowerCase().startsWith('javascript:') ? '' : value };
}

function matches({ column, sign, value }: Term, row: Row): boolean {
  const cell = row[column] ?? '';
  switch (sign) {
    case '=':
      return cell === value;
    case '!=':
      return cell !== value;
    case 'LIKE':
      return cell.toLowerCase().includes(value.toLowerCase());
    case 'NOT LIKE':
      return !cell.toLowerCase().includes(value.toLowerCase());
    case 'STARTSWITH':
      return cell.startsWith(value);
    case 'ENDSWITH':
      return cell.endsWith(value);
    case 'IN':
      return value.split(',').includes(cell);
    case 'ISEMPTY':
      return cell === '';
    case 'ISNOTEMPTY':
      return cell !== '';
    case '>':
      return cell > value;
    case '<':
      return cell < value;
    case '>=':
      return cell >= value;
    case '<=':
      return cell <= value;
  }
}

function ordered(rows: readonly Row[], parts: readonly string[], columns: readonly string[]): readonly Row[] {
  const orders = parts
    .map((part) => /^ORDERBY(DESC)?([a-z][a-z0-9_]*)$/.exec(part))
    .filter((match) => match !== null)
    .map((match) => ({ column: match[2] ?? '', sign: match[1] === 'DESC' ? -1 : 1 }))
    .filter(({ column }) => columns.includes(column));
  return rows.toSorted((a, b) => {
    for (const { column, sign } of orders) {
      const [left = '', right = ''] = [a[column], b[column]];
      if (left !== right) return left < right ? -sign : sign;
    }
    return 0;
  });
}
