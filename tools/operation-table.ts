import type { DescribedFact } from '../src/connector/conformance/descriptor.ts';
import type { OperationRow } from './operation-row.ts';

export const BEGIN = '<!-- operations -->';
export const END = '<!-- /operations -->';

const LEGEND =
  'Effect: ⚑ privileged, ✉ leaves the organisation, ¤ an amount of money, the number of things touched where it is not one, ' +
  'and what reading exposes to (→). Reversible: by an operation, within a window of time, or not at all.';

/** What policies can have looked up; empty where there is nothing. */
export function factTable(facts: readonly DescribedFact[]): string {
  if (facts.length === 0) return '';
  const rows = facts.map(
    ({ name, title, about, type, ttlMs, evidence }) =>
      `| \`${name}\` | ${[title, [about].flat().join(', '), typeof type === 'string' ? type : 'set of String', `${ttlMs / 60_000} min`, evidence.join(', ')].map(cell).join(' | ')} |`,
  );
  return ['', '', '| fact | says | about | type | counts for | evidence |', '|---|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

/** What stands between the markers of a connector's page. */
export function operationTable(rows: readonly OperationRow[]): string {
  const lines = rows.map(
    ({ name, effect, reversible, undo, repeat, evidence, judgedBy }) =>
      `| \`${name}\` | ${[effect, reversible, undo, repeat, evidence, judgedBy].map(cell).join(' | ')} |`,
  );
  return [
    LEGEND,
    '',
    '| operation | effect, by its arguments | reversible | undo | repeat | evidence | judged by |',
    '|---|---|---|---|---|---|---|',
    ...lines,
    '',
    judgement(rows),
  ].join('\n');
}

function judgement(rows: readonly OperationRow[]): string {
  const alone = rows.filter(({ judgedBy }) => judgedBy === 'nobody').length;
  const beside = `The vendor's published description, its SDK or a real server judges ${rows.length - alone} of ${rows.length} operations`;
  return alone === 0
    ? `${beside} besides the simulated system.`
    : `${beside} besides the simulated system. **Nothing does for the other ${alone}: they are as right as the reading of the documentation.**`;
}

export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** The page with the table between its markers; unchanged where it has none. */
export function withTable(page: string, table: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) return page;
  return `${page.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${page.slice(end)}`;
}
